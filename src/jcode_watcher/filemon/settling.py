"""Files and moved folders that will be looked at after a time of quiet, unless something settles them."""

import heapq
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.fine_times import TICKS_SECONDS
from jcode_watcher.filemon.tree import File, Folder

if TYPE_CHECKING:
    from jcode_watcher.filemon.facts import How
    from jcode_watcher.filemon.reading import Reading


class Why(Enum):
    """What a file waits for, and so what is made of it when nothing comes."""

    CREATED = "created"
    """It has a name; the close that completes it should follow at once. None does after link(2)."""
    WRITTEN = "written"
    """It was written to and is held open, or changed while it was read."""
    CROWDED = "crowded"
    """It was saved once too often within a second to be kept each time; its last state is kept soon."""
    DISPLACED = "displaced"
    """It got a name that is not wanted, as editors do to keep a backup; its own name will be taken again."""
    FRESH = "fresh"
    """It was read right after it was changed, and may be half-written: then that is heard of at once."""
    UNREAD = "unread"
    """A save was completed, and the file then was not where the events said; they will say why at once."""
    UNCOUNTED = "uncounted"
    """A save was completed, and nobody could say yet whether all names of its file are inside."""
    MOVED = "moved"
    """A folder was renamed, or what is in it, or is not where it should be: the disk has the last word."""
    UNCLEAR = "unclear"
    """It may not be there any more; the events that say so should follow at once."""


QUIET_SECONDS = {
    Why.CREATED: 0.15,
    Why.WRITTEN: 1.0,
    Why.CROWDED: 0.02,
    Why.DISPLACED: 0.15,
    Why.FRESH: 0.0005,
    Why.UNREAD: 0.15,
    Why.UNCOUNTED: 1.25 * TICKS_SECONDS,
    Why.MOVED: 0.15,
    Why.UNCLEAR: 0.15,
}


OWED = (Why.UNREAD, Why.UNCOUNTED)
"""A save is to be told that could not be read yet."""


class Names(NamedTuple):
    """All names of one file that has very many."""

    key: bytes


Thing = File | Folder | Names


class Held(NamedTuple):
    """What was read and cannot be told before more is heard."""

    reading: "Reading"
    how: "How"


class Waiting:
    """One file that waits."""

    __slots__ = ("cause", "due", "held", "place", "since_ns", "why")

    def __init__(self, why: Why, cause: Cause, due: float, place: int) -> None:
        self.why = why
        self.cause = cause
        self.since_ns = cause.time_ns
        """Since when it waits for the same."""
        self.due = due
        self.place = place
        """Which entry of the heap stands for it; it may come up too early, never too late."""
        self.held: Held | None = None


class Settling:
    """Knows which files wait, for what and until when. At most one wait a file: the newest counts."""

    def __init__(self) -> None:
        self._waiting: dict[Thing, Waiting] = {}
        self.of: Callable[[Thing], Waiting | None] = self._waiting.get
        """Gives what a file waits for, if it does. No method: it is asked several times at every save."""
        self._heap: list[tuple[float, int, Thing]] = []
        self._places = 0
        self._in_hand = 0

    def __len__(self) -> int:
        """Count what waits, with what is being looked at just now: nothing is told of it yet."""
        return len(self._waiting) + self._in_hand

    def wait(self, file: Thing, why: Why, cause: Cause, now: float) -> Waiting:
        """Let a file wait from now on, anew if it waits already."""
        due = now + QUIET_SECONDS[why]
        waiting = self._waiting.get(file)
        if waiting is None or due < waiting.due:
            waiting = self._waiting[file] = Waiting(why, cause, due, self._push(due, file))
        else:
            # A later moment needs no place of its own: the earlier one comes up, and is put back.
            waiting.since_ns = waiting.since_ns if waiting.why is why else cause.time_ns
            waiting.why = why
            waiting.cause = cause
            waiting.due = due
            waiting.held = None
        return waiting

    def settle(self, file: File) -> Waiting | None:
        """Let a file wait no longer, and give what it waited for."""
        return self._waiting.pop(file, None)

    def is_due(self, now: float) -> bool:
        """Tell whether the time of quiet of any file may be over."""
        return bool(self._heap) and self._heap[0][0] <= now

    def due(self, now: float) -> Iterator[tuple[Thing, Waiting]]:
        """Give, and let go of, every file whose time of quiet is over, one after the other.

        So what one look settles is not looked at after all, and none is forgotten before it is looked at.
        """
        while self.is_due(now):
            _, place, file = heapq.heappop(self._heap)
            waiting = self._waiting.get(file)
            if waiting is None or waiting.place != place:
                continue
            if waiting.due > now:
                waiting.place = self._push(waiting.due, file)
            else:
                del self._waiting[file]
                self._in_hand = 1
                try:
                    yield file, waiting
                finally:
                    self._in_hand = 0

    def files(self, why: Why) -> Iterator[tuple[File, Waiting]]:
        """Give each file that waits for this."""
        for thing, waiting in self._waiting.items():
            if waiting.why is why and isinstance(thing, File):
                yield thing, waiting

    def clear(self) -> None:
        """Let nothing wait any longer."""
        self._waiting.clear()
        self._heap.clear()

    def next_due(self) -> float | None:
        """Give the earliest moment at which something may be due; None if nothing waits."""
        return self._heap[0][0] if self._heap else None

    def _push(self, due: float, file: Thing) -> int:
        self._places += 1
        heapq.heappush(self._heap, (due, self._places, file))
        return self._places
