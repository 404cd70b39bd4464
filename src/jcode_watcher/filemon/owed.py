"""Saves that were heard of and not told yet: of what could not be read, or not for sure, when it was time."""

from typing import Final

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.early_reading import EarlyReader
from jcode_watcher.filemon.facts import FileState, How
from jcode_watcher.filemon.reading import Reading, Unread
from jcode_watcher.filemon.settling import OWED, Settling, Waiting, Why
from jcode_watcher.filemon.storms import Storms
from jcode_watcher.filemon.telling import LOOKED, Teller
from jcode_watcher.filemon.tree import File, Folder
from jcode_watcher.filemon.uncaught import Uncaught

LATE: Final = "late"


class Owed:
    """Tells of a save that is owed, at the latest when its file leaves its path."""

    def __init__(self, settling: Settling, early: EarlyReader, storms: Storms, teller: Teller) -> None:
        self._settling = settling
        self._early = early
        self._storms = storms
        self.late = Uncaught(LATE)
        self._teller = teller
        self._tally = teller.tally

    def tell_fresh(self, file: File, path: bytes | None = None) -> None:
        """Tell of a save that was read at once: its file leaves this path, and nobody wrote to it since."""
        waiting = self._settling.of(file)
        if waiting is not None and waiting.why is Why.FRESH:
            self._settling.settle(file)
            self._tell_as_read(file, path or file.path, waiting)

    def tell_held(self, file: File) -> None:
        """Tell of a save that is owed; what was read out of place must be proven to be from inside.

        With its last name a file loses every way out; else it may have been read where it has another.
        """
        waiting = self._settling.settle(file)
        if waiting is None:
            return
        proven = waiting.held is not None and waiting.held.reading.links == 0
        if waiting.why is Why.FRESH or (waiting.why is Why.UNREAD and proven):
            self._tell_as_read(file, file.path, waiting)
        elif waiting.why in OWED:
            self.tell_gone(file, waiting.cause)

    def owes(self, file: File) -> bool:
        """Tell whether a save of a file is to be told that could not be read yet."""
        waiting = self._settling.of(file)
        return waiting is not None and waiting.why in OWED

    def tell_at(self, file: File, folder: Folder, name: bytes, moved_ns: int) -> None:
        """Tell of a save that could not be read in its place, as the file moved on to this one at once."""
        waiting = self._settling.of(file)
        if waiting is None or waiting.why not in OWED:
            return
        reading = self._early.read(file, folder.path_of(name), moved_ns)
        if isinstance(reading, Reading) and reading.in_place:
            self._settling.settle(file)
            self._teller.version(file, file.path, reading, "closed", waiting.cause)

    def tell_gone(self, file: File, cause: Cause) -> None:
        """Tell of a save that nobody could read: the file was gone at once. Not of each, in a storm."""
        if self._storms.crowded_out(file, cause.time_ns):
            self._tally.passed_over += 1
        else:
            self._storms.kept(file)
            self.tell_unreadable(file, Unread.GONE, "closed", cause)

    def tell_unreadable(self, file: File, unread: Unread, how: How, cause: Cause) -> None:
        """Tell of a save without its content, and why that is missing."""
        reading = Reading(FileState(file.key, 0, 0, 0, None), None, unread.value)
        self._teller.version(file, file.path, reading, how, cause)

    def give_up(self, file: File, waiting: Waiting | None) -> None:
        """Tell what can be told of a save of a file that waits no longer."""
        if waiting is None:
            return
        if waiting.why is Why.FRESH:
            self._tell_as_read(file, file.path, waiting)
        elif waiting.why in OWED:
            self.tell_unreadable(file, Unread.UNREADABLE, "closed", waiting.cause)

    def overtaken(self, waiting: Waiting, now: float) -> None:
        """Count a save that nobody can tell of any more: the next one had begun before it was read."""
        if waiting.held is None or waiting.held.how not in LOOKED:
            self._tally.passed_over += 1
            self._storms.uncaught.count(waiting.cause.time_ns, now)

    def read_late(self, cause: Cause, now: float) -> None:
        """Count a save that was read so late that a later one was there already."""
        self._tally.passed_over += 1
        self.late.count(cause.time_ns, now)

    def _tell_as_read(self, file: File, path: bytes, waiting: Waiting) -> None:
        if waiting.held is not None:
            self._storms.kept(file)
            self._teller.version(file, path, waiting.held.reading, waiting.held.how, waiting.cause)
