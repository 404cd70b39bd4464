"""Reads wanted files when it is time, and tells of what was read once it is sure to be a whole save."""

import enum
from typing import TYPE_CHECKING, Final

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.early_reading import EarlyReader
from jcode_watcher.filemon.facts import How
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.pace import Pace
from jcode_watcher.filemon.reading import Reading, Unread
from jcode_watcher.filemon.scheduler import Scheduler
from jcode_watcher.filemon.settling import Held, Waiting, Why
from jcode_watcher.filemon.shares import DOUBT_COST
from jcode_watcher.filemon.storms import Storms
from jcode_watcher.filemon.telling import LOOKED
from jcode_watcher.filemon.tree import File
from jcode_watcher.filemon.wholeness import (
    RECENT_NS,
    Doubt,
    came_late,
    doubt,
    empty_seconds,
    is_between_saves_of,
    is_usual,
    may_go_on,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED_PER_SECOND: Final = 200.0
"""Where no more is saved, every writer is asked about: that costs as much as a save."""
ASKED_IN_A_ROW: Final = 40.0
FRESH_SECONDS_MAX: Final = 0.1
"""Until what was read is looked at again, where what happened before is followed late."""
WITHHELD_SECONDS: Final = 0.85
"""Beyond the usual time: a name that is known and not there may stay covered by a mount for long."""


class Outcome(enum.Enum):
    """What came of a look at a file."""

    TOLD = enum.auto()
    NO_NEWS = enum.auto()
    LATER = enum.auto()
    """It waits, and will be looked at again."""
    ASTRAY = enum.auto()
    """Likewise, as it was not found where it should be."""


class Keeper:
    """Makes versions of what the ledger knows; one thread, so the facts of one path are in order."""

    def __init__(self, ledger: Ledger, early: EarlyReader, storms: Storms, scheduler: Scheduler) -> None:
        self._ledger = ledger
        self._settling = ledger.settling
        self._tree = ledger.tree
        self._reader = ledger.reader
        self._early = early
        self._owed = ledger.owed
        self._storms = storms
        self._teller = ledger.teller
        self._tally = ledger.teller.tally
        self._scheduler = scheduler
        self.asking = Pace(ASKED_PER_SECOND, ASKED_IN_A_ROW)
        self.hear: Callable[[], None] = lambda: None
        """Hears what happens meanwhile."""
        self.followed_ns = 0
        """All that happened before was followed."""

    def keep(self, file: File, how: How, cause: Cause, now: float, before: Held | None = None) -> Outcome:
        """Read a file whose content is complete, and tell of it if it is news; it was lately as `before`."""
        waiting = self._settling.of(file)
        if waiting is not None:
            self._settling.settle(file)
            if waiting.why is Why.FRESH:
                self._outdated(file, waiting, cause, now)
        asks = False
        if how not in LOOKED:
            names = self._tree.names[file.key]
            if len(names) > 1:
                self.hear()
            if how == "closed":
                asks = self.asking.is_easy(now)
                asks |= may_go_on(file, names, waiting, cause, now)
            further_seconds = self._storms.crowded(file, len(names), cause.time_ns, now)
            if further_seconds is not None:
                self._tally.passed_over += 1
                self._settling.wait(file, Why.CROWDED, cause, now + further_seconds)
                return Outcome.LATER
        return self._look_at(file, how, cause, now, before, asks=asks)

    def keep_unread(self, file: File, now: float) -> None:
        """Read a save that was not found in its place: its folder had moved on, and now is known where to."""
        waiting = self._settling.of(file)
        if waiting is not None and waiting.why is Why.UNREAD:
            self.hear()
            self.keep(file, "closed", waiting.cause, now)

    def keep_fresh(self, file: File, waiting: Waiting, now: float) -> Outcome:
        """Tell of what was read right after a change, once all is heard of until it was read."""
        held = waiting.held
        if held is None:
            return Outcome.NO_NEWS
        if self.is_whole(held):
            return self.keep_as_read(file, held, waiting.cause, now)
        lacking_seconds = self._lacking_seconds(held)
        if lacking_seconds <= 0:
            return self.keep(file, held.how, waiting.cause, now, held)
        # It is followed as fast as it happened, at best.
        later = now + min(lacking_seconds / 2, FRESH_SECONDS_MAX)
        self._settling.wait(file, Why.FRESH, waiting.cause, later).held = held
        return Outcome.LATER

    def outdate(self, file: File, cause: Cause, now: float) -> None:
        """Take note that a file is being written to again: what was read before is whole, or lost by now."""
        waiting = self._settling.of(file)
        if waiting is not None and waiting.why is Why.FRESH:
            self._settling.settle(file)
            self._outdated(file, waiting, cause, now)

    def _outdated(self, file: File, waiting: Waiting, cause: Cause, now: float) -> None:
        held = waiting.held
        # Who writes to it may have begun before it was read; but not its writer, who had not by then.
        if held is not None and (self.is_whole(held) or is_between_saves_of(cause.pid, held, waiting.cause)):
            self.keep_as_read(file, held, waiting.cause, now)
        else:
            self._owed.overtaken(waiting, now)

    def is_whole(self, held: Held) -> bool:
        """Tell whether all is followed that happened until a file was read: then nothing speaks against it.

        One look at an empty file says nothing.
        """
        return held.reading.state.size > 0 and self._lacking_seconds(held) <= 0

    def _lacking_seconds(self, held: Held) -> float:
        """Give how much of the past is to be followed before nothing can speak against what was read."""
        reading = held.reading
        return (min(reading.read_ns, reading.state.ctime_ns + RECENT_NS) - self.followed_ns) / 1e9

    def keep_as_read(self, file: File, held: Held, cause: Cause, now: float) -> Outcome:
        """Tell of what was read of a file at its path, if it is news."""
        if came_late(held, cause.time_ns):
            self._owed.read_late(cause, now)
        return self._tell(file, file.path, held.reading, held.how, cause, now)

    def look_at_withheld(self, key: bytes, cause: Cause, now: float) -> None:
        """Fewer names of a file are outside than before: what was withheld may be told now."""
        for file in self._tree.names[key]:
            if file.state is not None and file.state.sha256 is None and self._settling.of(file) is None:
                self._settling.wait(file, Why.UNCLEAR, cause, now)

    def _tell(self, file: File, path: bytes, reading: Reading, how: How, cause: Cause, now: float) -> Outcome:
        self._storms.kept(file)
        news = self._teller.version(file, path, reading, how, cause)
        if reading.content is not None and self._reader.releases(file.key, reading.links):
            self.look_at_withheld(file.key, cause, now)
        if reading.omitted == "linked_outside":
            self._doubt_withheld(file, reading, how, self._teller.found(cause), now)
        return Outcome.TOLD if news else Outcome.NO_NEWS

    def _doubt_withheld(self, file: File, reading: Reading, how: How, cause: Cause, now: float) -> None:
        """Look again at what was withheld: one of its names may go unheard, or be on its way in a folder."""
        if self._reader.is_withheld_in_vain(file, reading.links):
            self._settling.wait(file, Why.UNCLEAR, cause, now + WITHHELD_SECONDS)
        elif how not in LOOKED:
            self._settling.wait(file, Why.UNCLEAR, cause, now)

    def _look_at(
        self, file: File, how: How, cause: Cause, now: float, before: Held | None, *, asks: bool
    ) -> Outcome:
        path = file.folder.path_of(file.name)
        reading = self._early.read(file, path, cause.time_ns, cause.pid if asks else None)
        if isinstance(reading, Unread):
            return self._keep_unread(file, reading, how, cause, now)
        if not reading.asked and how == "closed" and reading.in_place and is_usual(reading, cause.time_ns):
            return self._tell(file, path, reading, how, cause, now)
        held = Held(reading, how)
        if not reading.in_place:
            return self._keep_out_of_place(file, held, cause, now)
        why = doubt(held, cause, before, self._scheduler)
        if why is Doubt.UNASKED:
            return self._look_at(file, how, cause, now, before, asks=True)
        if why is not None:
            return self._keep_doubted(file, held, why, cause, now)
        return self.keep_as_read(file, held, cause, now)

    def _keep_out_of_place(self, file: File, held: Held, cause: Cause, now: float) -> Outcome:
        if held.how in LOOKED:
            self._settling.wait(file, Why.UNCLEAR, cause, now)
        else:
            self._tally.elsewhere += 1
            self._settling.wait(file, Why.UNREAD, cause, now).held = held
        return Outcome.ASTRAY

    def _keep_doubted(self, file: File, held: Held, why: Doubt, cause: Cause, now: float) -> Outcome:
        if why is Doubt.HELD_OPEN:
            return self.keep_as_read(file, Held(held.reading, "held_open"), cause, now)
        if why is Doubt.FRESH and self.is_whole(held):
            return self.keep_as_read(file, held, cause, now)
        self._teller.shares.charge(file.path, DOUBT_COST)
        if why is Doubt.OVERTAKEN:
            self._owed.overtaken(self._settling.wait(file, Why.WRITTEN, cause, now), now)
        else:
            later = now if held.reading.state.size else now + empty_seconds(held, self._scheduler)
            self._settling.wait(file, Why.FRESH, cause, later).held = held
        return Outcome.LATER

    def _keep_unread(self, file: File, unread: Unread, how: How, cause: Cause, now: float) -> Outcome:
        if unread is Unread.NOT_REGULAR:
            self._ledger.delete(file, "deleted", cause)
            return Outcome.NO_NEWS
        if unread is Unread.CHANGING:
            self._tally.changing += 1
            self._settling.wait(file, Why.WRITTEN, cause, now)
            return Outcome.LATER
        if unread in (Unread.RECENT, Unread.UNCOUNTED):
            self._tally.uncounted += 1
            self._settling.wait(file, Why.UNCLEAR if how in LOOKED else Why.UNCOUNTED, cause, now)
            return Outcome.LATER
        if unread is Unread.UNCERTAIN and how not in LOOKED:
            self._settling.wait(file, Why.UNREAD, cause, now)
            return Outcome.ASTRAY
        if how not in LOOKED:
            self._storms.kept(file)
            self._owed.tell_unreadable(file, unread, how, cause)
        self._settling.wait(file, Why.UNCLEAR, cause, now)
        return Outcome.ASTRAY
