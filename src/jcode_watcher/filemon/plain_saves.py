"""Follows in one step a save about which nothing is to be weighed: nearly all are so."""

from typing import Final

from jcode_watcher.filemon.changes import CLOSED, MODIFIED, Cause, Change
from jcode_watcher.filemon.early_reading import EarlyReader
from jcode_watcher.filemon.floods import Floods
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.pace import Pace
from jcode_watcher.filemon.storms import WINDOW_SECONDS, Storms
from jcode_watcher.filemon.wholeness import LATELY_SECONDS

SAVED: Final = CLOSED | MODIFIED


class PlainSaves:
    """Tells what `FileChanges` would tell, or leaves all to it; one thread."""

    def __init__(
        self, ledger: Ledger, early: EarlyReader, floods: Floods, storms: Storms, pace: Pace
    ) -> None:
        self._folder = ledger.tree.folder
        self._names = ledger.tree.names
        self._waiting_of = ledger.settling.of
        self._read_plain = ledger.reader.read_plain
        self._withheld = ledger.reader.withheld
        self._own_pid = ledger.reader.asked.own_pid
        self._teller = ledger.teller
        self._read_early = early.readings
        self._floods = floods.under_way
        self._overdrawn = ledger.teller.shares.overdrawn
        self._storms = storms
        self._pace = pace

    def tell(self, change: Change, time_ns: int, now: float) -> bool:
        """Tell of a save that was heard of at this time; False, and nothing is told, if it is not plain."""
        folder = self._folder(change.folder)
        if change.what | MODIFIED != SAVED or folder is None or folder.pruned or not folder.files:
            return False
        file = folder.files.get(change.name)
        if (
            file is None
            or file.key != change.target
            or file.saved_at + LATELY_SECONDS > now
            or file.window_began + WINDOW_SECONDS > now
            or self._waiting_of(file) is not None
            or len(self._names[file.key]) > 1
            or file.key in self._withheld
            or change.pid == self._own_pid
            or self._read_early
            or self._floods
            or self._overdrawn
            or not self._pace.is_hard(now)
        ):
            return False
        path = folder.path_of(file.name)
        reading = self._read_plain(file, path, time_ns)
        if reading is None:
            return False
        file.saved_at = now
        self._storms.kept_first(file, now)
        self._teller.shares.now = now
        self._teller.version(file, path, reading, "closed", Cause(change.pid, time_ns))
        self._teller.heard_ns = time_ns
        return True
