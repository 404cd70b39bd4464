"""Commit waiting batches together: the disk is asked once for many."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog

from jcode_watcher.analytics.errors import StoreFailed
from jcode_watcher.analytics.ingest.check import CheckedBatch
from jcode_watcher.analytics.store import EventRow, NewEvent
from jcode_watcher.analytics.store.writer import Writer

LOG = structlog.get_logger()

GROUP_EVENTS_MAX = 20_000
"""Events in one commit, as long as no batch alone is larger."""
PROBE_SECONDS = 2.0
"""While the store fails, how often a write is tried that changes nothing."""


class Committed(NamedTuple):
    """What became of a group of batches."""

    stored: Sequence[EventRow]
    seconds: float


class _Waiting(NamedTuple):
    batch: CheckedBatch
    receipt: asyncio.Future[int]


class Committer:
    """One thread that stores batches in the order in which they came."""

    def __init__(self, writer: Writer, told: Callable[[Committed], None]) -> None:
        """`told` is called in the event loop after each commit, before its receipts are given."""
        self._writer = writer
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer")
        self.failure: str | None = None
        """Why the last commit failed; None while the store works."""

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    async def store(self, batch: CheckedBatch) -> int:
        """Store a batch; give the number of its events that were new. On return they are on disk.

        StoreFailed: some, all or none are; sending the batch again is safe.
        """
        receipt: asyncio.Future[int] = self._loop.create_future()
        self._queue.put(_Waiting(batch, receipt))
        return await asyncio.shield(receipt)

    def dead(self) -> str | None:
        """Tell in one line that the thread has ended; None while it lives."""
        return None if self._thread.is_alive() else "the writer's thread has ended; start the service again"

    def stop(self) -> None:
        """Commit what waits, then end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            group, last = self._next_group()
            if group:
                self._commit(group)
            elif self.failure is not None and not last:
                self._probe()
            if last:
                return

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        group: list[_Waiting] = []
        events = 0
        while events < GROUP_EVENTS_MAX:
            try:
                waiting = self._next(wait=not group)
            except queue.Empty:
                break
            if waiting is None:
                return group, True
            group.append(waiting)
            events += len(waiting.batch.events)
        return group, False

    def _next(self, *, wait: bool) -> _Waiting | None:
        if not wait:
            return self._queue.get_nowait()
        return self._queue.get(timeout=None if self.failure is None else PROBE_SECONDS)

    def _commit(self, group: list[_Waiting]) -> None:
        events = [event for waiting in group for event in waiting.batch.events]
        began = time.monotonic()
        try:
            new = self._writer.commit(events)
        except Exception as error:  # noqa: BLE001 - outermost loop of the writer's thread: it must not end
            self._fails(f"{error}" if isinstance(error, StoreFailed) else repr(error))
            self._call(refuse, group, f"{self.failure}")
            return
        self._works()
        self._call(self._acknowledge, group, events, new, time.monotonic() - began)

    def _probe(self) -> None:
        try:
            self._writer.probe()
        except StoreFailed as error:
            self._fails(str(error))
        else:
            self._works()

    def _fails(self, reason: str) -> None:
        if self.failure is None:
            LOG.error("store fails", reason=reason)
        self.failure = reason

    def _works(self) -> None:
        if self.failure is not None:
            LOG.warning("store works again", failed_with=self.failure)
        self.failure = None

    def _acknowledge(
        self, group: list[_Waiting], events: list[NewEvent], new: list[bool], seconds: float
    ) -> None:
        self._told(Committed([e.row for e, is_new in zip(events, new, strict=True) if is_new], seconds))
        start = 0
        for waiting in group:
            end = start + len(waiting.batch.events)
            if not waiting.receipt.done():
                waiting.receipt.set_result(sum(new[start:end]))
            start = end

    def _call(self, action: Callable[..., None], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(action, *arguments)


def refuse(group: list[_Waiting], reason: str) -> None:
    """Tell every sender that its batch may not be stored."""
    for waiting in group:
        if not waiting.receipt.done():
            waiting.receipt.set_exception(StoreFailed(reason))
