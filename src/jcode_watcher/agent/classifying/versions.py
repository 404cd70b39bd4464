"""Which version of a source file was there when: the latest saves, and behind them the table of files."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from jcode_watcher.agent.classifying.builds import Place
from jcode_watcher.agent.spool.files import KnownFiles
from jcode_watcher.events import to_bytes
from jcode_watcher.filemon.facts import FileState

FILES_MAX = 20_000
VERSIONS_A_FILE_MAX = 8
OPENED_LATE_NS = 5_000_000
"""How much later than it began a compiler opens its source; clocks differ by less."""


class Version(NamedTuple):
    """What a file held from a moment on."""

    changed_ns: int
    """The file's change time (ctime): nobody can set it, and it is right however late a save is heard of."""
    sha256: str | None
    previous_sha256: str | None


class Versions:
    """Remembers the latest versions, also those that are not in the table of files yet."""

    def __init__(
        self,
        files: KnownFiles,
        roots: Sequence[bytes],
        wants: Callable[[bytes], bool],
        files_max: int = FILES_MAX,
    ) -> None:
        """Take where to look, and who says whether a path below a root is watched."""
        self._files = files
        self._wants = wants
        self._roots = tuple(roots)
        self._versions: OrderedDict[tuple[bytes, bytes], list[Version]] = OrderedDict()
        self._files_max = files_max

    def note(self, root: bytes, path: bytes, state: FileState, previous_sha256: str | None) -> None:
        """Remember that a file holds something new."""
        before = self._versions.pop((root, path), [])
        version = Version(state.ctime_ns, state.sha256, previous_sha256)
        self._versions[root, path] = [*before, version][-VERSIONS_A_FILE_MAX:]
        if len(self._versions) > self._files_max:
            self._versions.popitem(last=False)

    def kept(self, root: bytes, path: bytes) -> FileState | None:
        """Give what is kept of a file."""
        return self._files.state(root, path)

    def sha256(self, place: Place, opened_ns: int) -> str | None:
        """Give the hash of what a file held when a program began that read it; None where it is not known."""
        path = to_bytes(f"{place.workspace}/{place.assignment}/") + place.below
        found = (self._sha256(root, path, opened_ns + OPENED_LATE_NS) for root in self._roots)
        return next((sha256 for sha256 in found if sha256), None)

    def _sha256(self, root: bytes, path: bytes, until_ns: int) -> str | None:
        versions = self._versions.get((root, path))
        if not versions:
            # What was known of a file that nobody watches any more may have changed unseen.
            state = self._files.state(root, path) if self._wants(path) else None
            return state.sha256 if state and state.ctime_ns <= until_ns else None
        version = next((v for v in reversed(versions) if v.changed_ns <= until_ns), None)
        if version is not None:
            return version.sha256
        # Before the oldest that is remembered there may have been others that are not.
        return None if len(versions) == VERSIONS_A_FILE_MAX else versions[0].previous_sha256
