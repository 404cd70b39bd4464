"""Delivers what is spooled: oldest first, for ever, perhaps twice, and never in the way of capture."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple, TypeVar

import structlog

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.delivery.sink import Sink, Stored, TooLarge, Unauthorized, Unavailable, Unreadable
from jcode_watcher.agent.spool import Outbox, Spooled

T = TypeVar("T")
LOG = structlog.get_logger()


class Limits(NamedTuple):
    """How much goes in one delivery, and how long a refused token rests."""

    events_max: int
    bytes_max: int
    unauthorized_seconds: float


class Deliverer:
    """Empties the outbox into a sink."""

    def __init__(
        self,
        outbox: Outbox,
        sink: Sink,
        limits: Limits,
        backoff: Backoff,
        executor: Executor,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take the one thread on which the outbox is used."""
        self._outbox = outbox
        self._sink = sink
        self._limits = limits
        self._backoff = backoff
        self._executor = executor
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._wake.set()
        self.delivered = 0
        self.repeated = 0
        self.quarantined = 0
        self.retries: Counter[str] = Counter()
        """Attempts that failed, by reason."""
        self.refusal: str | None = None
        """Why the service does not accept the token; None while it does."""
        self.trouble: str | None = None
        """Why the last attempt failed; None if it did not."""
        self.oldest_ns: int | None = None
        """When the first event that waits happened; None where nothing waits."""

    def wake(self) -> None:
        """Say that something was spooled. Called in the event loop's thread."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.deliver_all()

    async def deliver_all(self) -> None:
        """Deliver until nothing waits."""
        while events := await self._in_thread(
            lambda: self._outbox.oldest(self._limits.events_max, self._limits.bytes_max)
        ):
            self.oldest_ns = events[0].time_ns
            await self._deliver(events)
        self.oldest_ns = None

    async def _deliver(self, events: Sequence[Spooled]) -> None:
        """Deliver a batch; one that is refused is halved until the event to blame stands alone."""
        answer = await self._answer(events)
        match answer:
            case Stored():
                self.delivered += len(events) - len(answer.refused)
                self.repeated += answer.repeated
                await self._settle(events, dict(answer.refused))
            case TooLarge() | Unreadable() if len(events) > 1:
                middle = len(events) // 2
                await self._deliver(events[:middle])
                await self._deliver(events[middle:])
            case TooLarge() | Unreadable():
                await self._settle(events, {events[0].position: answer.reason})

    async def _answer(self, events: Sequence[Spooled]) -> Stored | TooLarge | Unreadable:
        """Try until there is an answer that settles something."""
        while True:
            outcome = await self._sink.send(events)
            if isinstance(outcome, Stored | TooLarge | Unreadable):
                self._note_success()
                return outcome
            await self._sleep(self._pause(outcome))

    def _pause(self, outcome: Unauthorized | Unavailable) -> float:
        """Give how long to wait after a failure."""
        if isinstance(outcome, Unauthorized):
            self._note_failure("unauthorized", outcome.reason)
            self.refusal = outcome.reason
            return self._backoff.pause(self._limits.unauthorized_seconds)
        self._note_failure(outcome.reason, outcome.detail)
        return self._backoff.pause(outcome.retry_after_seconds)

    async def _settle(self, events: Sequence[Spooled], refused: dict[int, str]) -> None:
        """Let the spool forget settled events."""
        self.quarantined += len(refused)
        for reason in set(refused.values()):
            LOG.error("events quarantined", reason=reason)
        await self._in_thread(lambda: self._outbox.settle(events, refused))

    def _note_success(self) -> None:
        if self.trouble is not None:
            LOG.info("delivery works again")
        self.refusal = self.trouble = None
        self._backoff.succeed()

    def _note_failure(self, reason: str, detail: str) -> None:
        if self.trouble is None:
            LOG.warning("delivery has to wait", reason=reason, detail=detail)
        self.trouble = detail
        self.retries[reason] += 1

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
