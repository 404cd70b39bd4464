"""Which version of a source file was there when: the latest saves, and behind them the table of files."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from jcode_watcher.agent.builds import Place
from jcode_watcher.agent.spool.files import KnownFiles
from jcode_watcher.events import to_bytes
from jcode_watcher.filemon.facts import Saved

SAVES_MAX = 20_000
SAVE_LATE_NS = 20_000_000
"""How much later than it happened a save may be stamped; a compiler opens its source later than that."""


class Save(NamedTuple):
    """The latest save of a file."""

    time_ns: int
    sha256: str | None
    previous_sha256: str | None


class Versions:
    """Remembers saves that are not in the table of files yet, or came while a build was running."""

    def __init__(self, files: KnownFiles, roots: Sequence[bytes], saves_max: int = SAVES_MAX) -> None:
        self._files = files
        self._roots = tuple(roots)
        self._saves: OrderedDict[tuple[bytes, bytes], Save] = OrderedDict()
        self._saves_max = saves_max

    def saved(self, root: bytes, fact: Saved) -> None:
        """Remember a save."""
        key = (root, fact.path)
        self._saves[key] = Save(fact.time_ns, fact.sha256, fact.previous_sha256)
        self._saves.move_to_end(key)
        while len(self._saves) > self._saves_max:
            self._saves.popitem(last=False)

    def sha256(self, place: Place, time_ns: int) -> str | None:
        """Give the hash of what a file held at a time; None where it is not known."""
        path = to_bytes(f"{place.workspace}/{place.assignment}/") + place.below
        found = (self._sha256(root, path, time_ns) for root in self._roots)
        return next((sha256 for sha256 in found if sha256), None)

    def _sha256(self, root: bytes, path: bytes, time_ns: int) -> str | None:
        save = self._saves.get((root, path))
        if save is not None:
            return save.sha256 if save.time_ns <= time_ns + SAVE_LATE_NS else save.previous_sha256
        state = self._files.state(root, path)
        return state.sha256 if state else None
