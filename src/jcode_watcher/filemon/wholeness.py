"""Whether what was read of a file is a whole save: another may have begun right after, and be half done.

Fanotify merges a close with what the same program writes at once after it, and tells no order: so the writer
is asked about, as far as /proc shows it. What others write is heard: so what was read is told once all is
followed that happened until then. Where many files are saved, both is left out for those saved once.
"""

from collections.abc import Collection
from enum import Enum
from typing import Final

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.reading import Reading
from jcode_watcher.filemon.scheduler import Scheduler
from jcode_watcher.filemon.settling import Held, Waiting, Why
from jcode_watcher.filemon.telling import LOOKED
from jcode_watcher.filemon.tree import File

RECENT_NS: Final = 7_000_000
"""What changed a file so short a time ago may not have been heard of yet. The kernel's clock for files goes
in ticks: up to four milliseconds of it (CONFIG_HZ=250)."""
WRITING_NS: Final = 20_000_000
"""What a writer that has the file open has not changed for so long is told as held open: it may have it open
twice. Never as closed: a machine that stands still for a moment stops a writer amid a save for as long."""
AT_WORK_NS: Final = 1_000_000_000
"""An empty file that was changed so lately may be about to be written."""
LATE_NS: Final = 20_000_000
"""Saves that are less apart may be one."""
LATELY_SECONDS: Final = 1.0
"""Of a file saved again so soon the writer is always asked about, which costs as much as a save."""
SLOWLY_NS: Final = 4_000_000
"""From a write that was heard of to the close: most programs close at once, and a stride is 3 ms."""
EMPTY_SECONDS: Final = 0.015
"""An empty file waits longer: it is truncated some time before that is heard of, or shows in its times.
Meanwhile its writer has no descriptor for it, and may be made to wait for a processor."""
EMPTY_CROWDED_SECONDS: Final = 0.06
"""Where nobody can say whether its writer is at work, and processes have to wait for a processor."""

EMPTY_FOUND_SECONDS: Final = 1.0
"""Where it was found in a comparison right after it was truncated: nobody waits for it."""


class Doubt(Enum):
    """Why what was read may not be a whole save."""

    OVERTAKEN = "overtaken"
    """Its writer is at the next one."""
    HELD_OPEN = "held_open"
    """Its writer has it open, and has not written for a while."""
    UNASKED = "unasked"
    """It was changed after its close was heard of, and its writer is to be asked about."""
    FRESH = "fresh"
    """Nobody can say before all is heard that happened until it was read."""


def may_go_on(file: File, names: Collection[File], waiting: Waiting | None, cause: Cause, now: float) -> bool:
    """Take note of a save, and tell whether its writer may go on: it saved lately, or slowly."""
    lately = file.saved_at + LATELY_SECONDS > now
    if not lately and len(names) > 1:
        lately = any(name.saved_at + LATELY_SECONDS > now for name in names)
    file.saved_at = now
    if lately or waiting is None or waiting.why is not Why.WRITTEN:
        return lately
    return cause.time_ns - waiting.since_ns > SLOWLY_NS


def doubt(held: Held, cause: Cause, before: Held | None, scheduler: Scheduler) -> Doubt | None:
    """Tell why what was read may be half; None if it is whole.

    `cause` says who closed it and when that was heard of, `before` what was read a while ago.
    """
    how, reading = held.how, held.reading
    if before is not None and before.reading.state == reading.state and not reading.writing:
        return Doubt.FRESH if _is_being_opened(reading, cause.pid, scheduler) else None
    if how == "closed":
        why = _doubt_of_close(reading, cause.time_ns)
    elif how in LOOKED:
        why = Doubt.FRESH if _changed_within(RECENT_NS, reading) and not reading.writing else None
    else:
        # It was complete before it got its name; unless another took the name, who has not begun to write.
        return Doubt.FRESH if _changed_within(RECENT_NS, reading) and not reading.state.size else None
    return why or (None if reading.state.size else Doubt.FRESH)


def _doubt_of_close(reading: Reading, heard_ns: int) -> Doubt | None:
    if not reading.asked:
        return None if is_usual(reading, heard_ns) else Doubt.UNASKED
    if reading.writing:
        return Doubt.OVERTAKEN if _changed_within(WRITING_NS, reading) else Doubt.HELD_OPEN
    # Whoever closed it, another may have it open. What is told without its content cannot be half.
    return None if reading.omitted else Doubt.FRESH


def is_between_saves_of(pid: int, held: Held, cause: Cause) -> bool:
    """Tell whether who writes now is who had closed a file, and had not begun to when that was read."""
    reading = held.reading
    return reading.state.size > 0 and reading.writing is False and pid == cause.pid


def empty_seconds(held: Held, scheduler: Scheduler) -> float:
    """Give how long an empty file is to stay so before that is taken for a save."""
    if held.how == "rescan" and _changed_within(AT_WORK_NS, held.reading):
        return EMPTY_FOUND_SECONDS
    is_known = held.reading.writing is not None
    return EMPTY_SECONDS if is_known or not scheduler.is_crowded() else EMPTY_CROWDED_SECONDS


def _is_being_opened(reading: Reading, pid: int, scheduler: Scheduler) -> bool:
    """Tell whether a file may be empty only as its writer is amid opening it for the next save."""
    if reading.state.size or not _changed_within(AT_WORK_NS, reading):
        return False
    return reading.locked or (reading.writing is not None and scheduler.is_at_work(pid))


def came_late(held: Held, heard_ns: int) -> bool:
    """Tell whether what was read is of a later save than the one that was heard of."""
    mtime_ns = held.reading.state.mtime_ns
    # What is from after the reading is from another machine's clock, or time was set.
    return held.how == "closed" and heard_ns + LATE_NS < mtime_ns <= held.reading.read_ns


def is_usual(reading: Reading, heard_ns: int) -> bool:
    """Tell whether a file is as most are after a close: not empty, and not changed since that was heard."""
    state = reading.state
    return state.size > 0 and state.ctime_ns <= heard_ns


def _changed_within(time_ns: int, reading: Reading) -> bool:
    # What is from the future is from another machine's clock, or time was set.
    return 0 <= reading.read_ns - reading.state.ctime_ns < time_ns
