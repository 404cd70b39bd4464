"""Facts on their way to whoever wants them: bounded, in order, in batches, in a thread of their own.

So a slow receiver does not keep files from being read in time, until the bounds are reached.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from jcode_watcher.filemon.facts import Fact, Saved

FACTS_MAX = 16_384
CONTENT_BYTES_MAX = 64 << 20
BATCH_FACTS_MAX = 512
BATCH_BYTES_MAX = 8 << 20


class OutboxClosed(Exception):
    """Nobody takes facts any more: the receiver has failed."""


class Outbox:
    """Takes facts from one thread and hands them over in another."""

    def __init__(self, deliver: Callable[[Sequence[Fact]], None]) -> None:
        self.delivered = 0
        self._deliver = deliver
        self._facts: deque[Fact] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._ending = False
        self._failed = False

    @property
    def queued(self) -> tuple[int, int]:
        """How many facts wait to be handed over, and how many bytes of content with them."""
        return len(self._facts), self._bytes

    @property
    def crowded(self) -> bool:
        """Tell whether work that can wait had better wait."""
        return len(self._facts) > FACTS_MAX // 4 or self._bytes > CONTENT_BYTES_MAX // 4

    def put(self, fact: Fact) -> None:
        """Take a fact; waits while there is no room. OutboxClosed if the receiver has failed."""
        with self._changed:
            while self._full() and not self._failed:
                self._changed.notify_all()
                self._changed.wait()
            if self._failed:
                raise OutboxClosed
            self._facts.append(fact)
            self._bytes += _content_bytes(fact)
            if len(self._facts) >= BATCH_FACTS_MAX:
                self._changed.notify_all()

    def flush(self) -> None:
        """Let what was put be handed over now: waking the other thread for each fact would cost more."""
        if self._facts:
            with self._changed:
                self._changed.notify_all()

    def end(self) -> None:
        """Let `run` return once everything is handed over."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()

    def run(self) -> None:
        """Hand facts over until `end`. What the receiver raises ends it."""
        try:
            while batch := self._take():
                self._deliver(batch)
                self.delivered += len(batch)
        except BaseException:
            with self._changed:
                self._failed = True
                self._changed.notify_all()
            raise

    def _take(self) -> list[Fact]:
        """Wait for facts; an empty list is the end."""
        with self._changed:
            while not self._facts and not self._ending:
                self._changed.wait()
            batch: list[Fact] = []
            size = 0
            while self._facts and len(batch) < BATCH_FACTS_MAX and size < BATCH_BYTES_MAX:
                fact = self._facts.popleft()
                size += _content_bytes(fact)
                batch.append(fact)
            self._bytes -= size
            self._changed.notify_all()
            return batch

    def _full(self) -> bool:
        # One fact always fits, however large its content.
        return len(self._facts) >= FACTS_MAX or (bool(self._facts) and self._bytes >= CONTENT_BYTES_MAX)


def _content_bytes(fact: Fact) -> int:
    return len(fact.content) if isinstance(fact, Saved) and fact.content is not None else 0
