"""One publisher, many readers, a bounded queue each: a slow reader is told how much it missed."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Missed:
    """Stands in a reader's stream where items are missing."""

    count: int


class Subscription(Generic[T]):
    """One reader's queue. Used by the event loop's thread only."""

    def __init__(self, queue_max: int, wanted: Callable[[T], bool] | None) -> None:
        self._queue: deque[T] = deque()
        self._queue_max = queue_max
        self._wanted = wanted
        self._missed = 0
        self._arrived = asyncio.Event()
        self.closed = False

    def put(self, items: Sequence[T]) -> int:
        """Queue what is wanted; give the number of oldest items that had to go."""
        wanted = items if self._wanted is None else [item for item in items if self._wanted(item)]
        self._queue.extend(wanted)
        dropped = max(0, len(self._queue) - self._queue_max)
        for _ in range(dropped):
            self._queue.popleft()
        self._missed += dropped
        if wanted:
            self._arrived.set()
        return dropped

    async def take(self, items_max: int) -> list[T | Missed]:
        """Wait for items and give at most `items_max`, oldest first; what was missed before them comes first.

        An empty list means that the publisher has closed.
        """
        while not (self._queue or self._missed or self.closed):
            self._arrived.clear()
            await self._arrived.wait()
        taken: list[T | Missed] = []
        if self._missed:
            taken.append(Missed(self._missed))
            self._missed = 0
        taken.extend(self._queue.popleft() for _ in range(min(items_max, len(self._queue))))
        return taken

    def close(self) -> None:
        """Let the reader end once its queue is empty."""
        self.closed = True
        self._arrived.set()


class Fanout(Generic[T]):
    """Publishes to every subscription. Used by the event loop's thread only."""

    def __init__(self, queue_max: int) -> None:
        self.queue_max = queue_max
        self.missed_total = 0
        self._subscriptions: set[Subscription[T]] = set()

    def __len__(self) -> int:
        """Count the readers."""
        return len(self._subscriptions)

    def subscribe(self, wanted: Callable[[T], bool] | None = None) -> Subscription[T]:
        """Add a reader of all items, or of those that `wanted` accepts."""
        subscription: Subscription[T] = Subscription(self.queue_max, wanted)
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription[T]) -> None:
        """Remove a reader."""
        self._subscriptions.discard(subscription)

    def publish(self, items: Iterable[T]) -> None:
        """Queue the items for every reader; never waits."""
        batch = list(items)
        for subscription in self._subscriptions:
            self.missed_total += subscription.put(batch)

    def close(self) -> None:
        """Let every reader end."""
        for subscription in self._subscriptions:
            subscription.close()
