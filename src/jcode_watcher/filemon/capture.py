"""The one thread of a watched root: it listens, follows and hands over.

One, because every hand-over between threads costs a version where saves follow each other quickly. While
changes are followed the kernel is drained every millisecond, so that its queue stays short and each change
bears the time at which it was heard of. What is held here is bounded; the kernel's queue is not: what finds
no room waits there, and is merged where it is the same.
"""

import math
import os
import select
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

import structlog

from jcode_watcher.filemon.changes import Change
from jcode_watcher.filemon.errors import Unanswered, why_ended
from jcode_watcher.filemon.following import Follower
from jcode_watcher.filemon.outbox import Outbox
from jcode_watcher.filemon.pace import Pace
from jcode_watcher.filemon.ports import Watch
from jcode_watcher.filemon.rooted import Root
from jcode_watcher.filemon.settling import QUIET_SECONDS

LOG = structlog.get_logger()
HEARD_BYTES_MAX = 16 << 20
"""Read from the kernel and not followed yet."""
FULL_BUFFER_BYTES = 1 << 15
"""A buffer with less in it is taken as the last for now: asking once more costs time."""
STRIDE_SECONDS = 0.003
"""Events of so long are taken together where there are many; the kernel merges those of one file.

That bounds what a flood costs (a program that writes single bytes), and saves of one file this close together
are promised as best effort only.
"""
WAKES_PER_SECOND = 200.0
WAKES_IN_A_ROW = 20.0
"""Where there are few, it is listened at once."""
DRAIN_SECONDS = 0.001
"""At most so long is the kernel not asked while changes are followed."""
LATE_NS = 3_000_000_000
"""What is read so long after it was saved may hold a later save already."""
AHEAD_NS = 5_000_000
"""What is followed so long after it was heard of has all behind it read ahead: saves may be 20 ms apart."""
BEHIND_NS = 1_500_000_000
"""What is followed so long after it was heard of makes others wait, and one workspace may bring less."""
END_SECONDS = 5.0
"""So long is followed what was heard before the end: Kubernetes gives 30 s for all that an end takes."""
SECOND_LOOK_NS = int(max(QUIET_SECONDS.values()) * 1e9)
"""What was heard so long ago waits for quiet no longer, unless it was heard of again."""


class Capture:
    """Runs a watch and a follower until it is stopped, and tells everything that was heard until then."""

    def __init__(self, watch: Watch, follower: Follower, outbox: Outbox, root: Root) -> None:
        self.scanned = threading.Event()
        """Set when the first comparison with the disk is complete, or will never be."""
        self.failure: BaseException | None = None
        """What ended the thread before it was stopped."""
        self.heard_bytes = 0
        self.resting = False
        """True while all that was heard is told, and nothing waits for a second look."""
        self._watch = watch
        self._follower = follower
        follower.hears_through(self._hear_meanwhile)
        self._outbox = outbox
        self._root = root
        self._heard: deque[tuple[bytes, int, int]] = deque()
        """With the time of hearing, and of when the kernel last had nothing more before."""
        self._unread: deque[tuple[bytes, int]] = deque()
        """What was heard, as far as it was not read ahead."""
        self._followed: tuple[int, int] | None = None
        """What is followed just now: when it was heard of, and which of the changes in one buffer."""
        self._drain_due = 0.0
        self._drained_ns = 0
        """When the kernel was last found to have nothing more."""
        self._told_ns = 0
        """Wall time before which all that was heard is handed over, but for what waits for quiet."""
        self._woken_ns = 0
        """When something was heard after a rest: until then there was nothing to tell."""
        self._pace = Pace(WAKES_PER_SECOND, WAKES_IN_A_ROW)
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._bell_held = threading.Lock()
        self._ending = threading.Event()
        self._end_by = math.inf
        self._thread = threading.Thread(target=self._guard, name="filemon", daemon=True)

    def told_until_ns(self) -> int:
        """Give the wall time before which all that happened is handed over; from any thread."""
        asked_ns = time.time_ns()
        # Who rests, before and after the kernel was found to have nothing, has told all there was.
        if self.resting and not is_readable(self._watch.fileno()) and self.resting:
            return asked_ns
        return self._told_ns - SECOND_LOOK_NS

    @property
    def left_off(self) -> bool:
        """Whether what was heard last was not followed before the end: `told_until_ns` says until when."""
        return self._ending.is_set() and bool(self._heard)

    def start(self) -> None:
        """Begin to listen, to follow and to deliver."""
        self._drained_ns = time.time_ns()
        self._follower.begin(self._drained_ns)
        self._thread.start()

    def stop(self) -> None:
        """Follow and deliver what the kernel has by now, as far as there is time, and end the thread."""
        if self._bell < 0:
            return
        self._end_by = time.monotonic() + END_SECONDS
        self._ending.set()
        self.wake()
        self._thread.join()
        with self._bell_held:
            os.close(self._bell)
            self._bell = -1

    def wake(self) -> None:
        """Look for work that was not heard of. From any thread."""
        with self._bell_held:
            if self._bell >= 0:
                os.eventfd_write(self._bell, 1)

    def _guard(self) -> None:
        """Note what ends the thread before its time."""
        try:
            self._run()
        except Exception as e:  # noqa: BLE001 - the outermost loop of a thread
            self.failure = e
            LOG.error("a root is watched no more", reason=why_ended(e))  # noqa: TRY400 - `failure` has the rest
        self.scanned.set()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._watch.fileno(), select.POLLIN)
        poll.register(self._bell, select.POLLIN)
        while not self._ending.is_set():
            self._root.look(time.monotonic())
            self._drain()
            if self._heard:
                self._follow_heard()
                self._go_on_comparing()
                self._breathe()
            else:
                self._go_on_comparing()
                self._look_again()
                self.resting = self._follower.resting
                rested_ns = time.time_ns()
                poll.poll(self._rest_ms())
                # Where not all was told, or a disk did not answer for long, something has waited since then.
                if self._told_ns == self._drained_ns and rested_ns - self._drained_ns <= LATE_NS:
                    self._woken_ns = time.time_ns()
                self.resting = False
                self._hear_bell()
        for _ in range(2):  # Of what is read now it is heard meanwhile whether it was half-written.
            self._drain()
            self._follow_heard()
        if self._heard:
            LOG.warning(
                "a root's last changes are left to the next start",
                root=str(self._root.path),
                bytes_queued=self.heard_bytes,
                seconds=round((time.time_ns() - self._told_ns) / 1e9, 3),
            )
        else:
            self._follower.caught_up(self._drained_ns)
        self._follower.end()
        self._outbox.flush()

    def _hear_bell(self) -> None:
        with suppress(BlockingIOError):
            os.eventfd_read(self._bell)

    def _breathe(self) -> None:
        """Let events gather where there are many, unless there is other work."""
        if not self._pace.is_easy(time.monotonic()) and not self._follower.scanner.busy:
            time.sleep(STRIDE_SECONDS)

    def _drain(self) -> None:
        """Take what the kernel has, as far as there is room."""
        asked_ns = time.time_ns()
        while self.heard_bytes < HEARD_BYTES_MAX:
            buffer = self._watch.read()
            if buffer:
                time_ns = time.time_ns()
                self._heard.append((buffer, time_ns, self._drained_ns))
                self._unread.append((buffer, time_ns))
                self.heard_bytes += len(buffer)
            if len(buffer) < FULL_BUFFER_BYTES and not (buffer and self._watch.unfinished):
                self._drained_ns = asked_ns
                break
        self._drain_due = time.monotonic() + DRAIN_SECONDS

    def _follow_heard(self) -> None:
        while self._heard and time.monotonic() < self._end_by:
            buffer, time_ns, drained_ns = self._heard.popleft()
            self.heard_bytes -= len(buffer)
            self._follower.heard_until(drained_ns)
            self._follower.hurry(behind=time.time_ns() - time_ns > BEHIND_NS)
            try:
                self._follow(self._watch.changes(buffer), time_ns)
            except Unanswered:
                self._follower.lose_sight()
            self._look_again()
        self._unread.clear()

    def _follow(self, changes: Iterator[Change], time_ns: int) -> None:
        try:
            for followed, change in enumerate(changes, 1):
                now = time.monotonic()
                self._followed = (time_ns, followed)
                self._follower.follow(change, time_ns, now)
                if now >= self._drain_due:
                    self._hear_meanwhile()
        finally:
            self._followed = None

    def _hear_meanwhile(self) -> None:
        """Hear what happens while something is followed, however long that takes."""
        if time.monotonic() < self._drain_due or self._ending.is_set():
            return
        self._drain()
        if self._followed is None:
            return
        time_ns, followed = self._followed
        if time.time_ns() - time_ns > AHEAD_NS:
            self._read_ahead(time_ns, followed)
            # What is heard from now on came after what was read.
            self._drain()

    def _read_ahead(self, since_ns: int, followed: int) -> None:
        """Read what waits, but for so many changes of what was heard first."""
        while self._unread:
            buffer, time_ns = self._unread.popleft()
            if time_ns >= since_ns:
                saves = self._watch.ahead(buffer, followed if time_ns == since_ns else 0)
                self._follower.read_ahead(self._heard_between(saves), time_ns, time.monotonic())

    def _heard_between(self, changes: Iterator[Change]) -> Iterator[Change]:
        for change in changes:
            if time.monotonic() >= self._drain_due:
                self._drain()
            yield change

    def _go_on_comparing(self) -> None:
        """Do one step of it, now that all that was heard is followed."""
        if self._follower.comparing:
            self._follower.compare(time.monotonic())
        if not self.scanned.is_set() and self._follower.compared:
            self.scanned.set()

    def _look_again(self) -> None:
        if not self._heard:
            self._follower.caught_up(self._drained_ns)
        settled = self._follower.settle(time.monotonic())
        self._outbox.flush()
        if settled and not self._heard:
            self._note_told(self._drained_ns)

    def _note_told(self, until_ns: int) -> None:
        """Take all before a time for told, and say so where that took long."""
        since_ns = max(self._told_ns, self._woken_ns)
        if self._told_ns and until_ns - since_ns > LATE_NS:
            self._follower.fell_behind(since_ns, until_ns)
        self._told_ns = until_ns

    def _rest_ms(self) -> float:
        """How long there is nothing to do unless something is heard."""
        due = min(self._follower.next_due(), self._root.due)
        return max(0.0, due - time.monotonic()) * 1000


def is_readable(fd: int) -> bool:
    """Tell whether something lies behind a descriptor that was not read yet."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(0))
