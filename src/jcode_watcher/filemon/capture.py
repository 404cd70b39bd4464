"""The threads of one watched root: one drains the kernel, one follows, one hands over.

Their queues are bounded. The kernel's own is not: what the threads cannot take yet waits there, and is merged
where it is the same.
"""

import contextlib
import os
import queue
import select
import threading
import time
from collections.abc import Callable

from jcode_watcher.filemon.following import Follower
from jcode_watcher.filemon.outbox import Outbox, OutboxClosed
from jcode_watcher.filemon.ports import Watch

BUFFERS_MAX = 1024
"""At most 64 KiB each."""
GATHER_SECONDS = 0.0003
"""After the first event, others of the same save follow at once; taken together, the kernel merges them.

It also bounds what a program costs that writes single bytes: equal events are merged while they wait.
"""
FAIRNESS_BUFFERS = 4
"""While events keep coming, a comparison with the disk gets one step for so many buffers."""
PATIENCE_SECONDS = 0.01
"""How long a comparison rests while the facts already found are handed over."""


class Capture:
    """Runs a watch and a follower until it is stopped, and tells everything that was heard until then."""

    def __init__(self, watch: Watch, follower: Follower, outbox: Outbox) -> None:
        self.scanned = threading.Event()
        """Set when the first comparison with the disk is complete, or will never be."""
        self.failure: BaseException | None = None
        """What ended a thread that should not have ended."""
        self._watch = watch
        self._follower = follower
        self._outbox = outbox
        self._heard: queue.Queue[tuple[bytes, int] | None] = queue.Queue(BUFFERS_MAX)
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._failed = threading.Event()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._guard, args=(work,), name=f"filemon-{name}", daemon=True)
            for name, work in (("drain", self._drain), ("follow", self._follow), ("deliver", outbox.run))
        ]

    @property
    def buffers_queued(self) -> int:
        """How many buffers were read from the kernel and not followed yet."""
        return self._heard.qsize()

    def start(self) -> None:
        """Begin to listen, to follow and to deliver."""
        self._follower.begin(time.time_ns())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Follow and deliver all that the kernel has by now, and end the threads."""
        if self._bell < 0:
            return
        self._stopping.set()
        os.eventfd_write(self._bell, 1)
        for thread in self._threads:
            thread.join()
        os.close(self._bell)
        self._bell = -1

    def _guard(self, work: Callable[[], None]) -> None:
        """Note what ends a thread before its time, and end the others: half a monitor would be none."""
        try:
            work()
        except OutboxClosed:
            pass  # The thread that failed has said why.
        except Exception as e:  # noqa: BLE001 - the outermost loop of a thread
            self.failure = self.failure or e
        else:
            return
        self._failed.set()
        self.scanned.set()
        self._outbox.end()
        with contextlib.suppress(queue.Full):
            self._heard.put_nowait(None)
        os.eventfd_write(self._bell, 1)

    def _drain(self) -> None:
        poll = select.poll()
        poll.register(self._watch.fileno(), select.POLLIN)
        poll.register(self._bell, select.POLLIN)
        while not self._ending():
            poll.poll()
            if not self._stopping.is_set():
                time.sleep(GATHER_SECONDS)
            while buffer := self._watch.read():
                self._hear((buffer, time.time_ns()))
        self._hear(None)

    def _hear(self, heard: tuple[bytes, int] | None) -> None:
        while not self._failed.is_set():
            try:
                self._heard.put(heard, timeout=1)
            except queue.Full:
                continue
            return

    def _follow(self) -> None:
        turn = 0
        while not self._failed.is_set():
            try:
                heard = self._heard.get(timeout=self._rest())
            except queue.Empty:
                self._idle()
                continue
            if heard is None:
                break
            buffer, time_ns = heard
            self._follower.follow(self._watch.changes(buffer), time_ns, time.monotonic())
            turn += 1
            if turn % FAIRNESS_BUFFERS == 0 or self._heard.empty():
                self._idle()
        self._outbox.end()
        self.scanned.set()

    def _rest(self) -> float | None:
        """How long there is nothing to do unless something is heard."""
        if self._follower.scanner.busy:
            return PATIENCE_SECONDS if self._outbox.crowded else 0
        due = self._follower.settling.next_due()
        return None if due is None else max(0.0, due - time.monotonic())

    def _idle(self) -> None:
        """Do what can wait: look at files that are quiet now, go on comparing."""
        now = time.monotonic()
        self._follower.settle(now)
        if self._follower.scanner.busy:
            if not self._outbox.crowded:
                self._follower.scanner.step(now)
        else:
            self.scanned.set()

    def _ending(self) -> bool:
        return self._stopping.is_set() or self._failed.is_set()
