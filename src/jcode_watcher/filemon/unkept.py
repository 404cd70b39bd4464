"""What was told and could not be kept, as the spool was full, is looked at again and told as it is now."""

import time
from collections import deque
from collections.abc import Iterable

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import FileState, Unkept
from jcode_watcher.filemon.keeping import Keeper
from jcode_watcher.filemon.ledger import Ledger


class Unkepts:
    """Paths that wait for such a look; they may be added from any thread."""

    def __init__(self, ledger: Ledger, keeper: Keeper, tally: Tally) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._tally = tally
        self._waiting: deque[Unkept] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, unkept: Iterable[Unkept]) -> None:
        """Let paths wait for a look."""
        self._waiting.extend(unkept)

    def look(self, now: float) -> None:
        """Tell what became of the first path since what is kept of it, unless newer was told already."""
        unkept, cause = self._waiting.popleft(), Cause(0, time.time_ns())
        self._tally.told_again += 1
        ledger, path, kept = self._ledger, unkept.path, unkept.kept
        file = ledger.tree.file_by_path(path)
        state = file.state if file else ledger.tree.unconfirmed.get(path)
        if not is_same_content(state, unkept.told):
            return
        if file is not None:
            file.state = kept
            if ledger.settling.of(file) is None:
                self._keeper.keep(file, "rescan", cause, now)
        elif path in ledger.tree.unconfirmed and kept is None:
            del ledger.tree.unconfirmed[path]
        elif path in ledger.tree.unconfirmed and kept is not None:
            ledger.tree.unconfirmed[path] = kept
        elif kept is not None:
            ledger.teller.deleted(path, kept, "rescan", cause)


def is_same_content(one: FileState | None, other: FileState | None) -> bool:
    """Tell whether two states stand for one content, or both for none."""
    return one is other or (one is not None and other is not None and one.sha256 == other.sha256)
