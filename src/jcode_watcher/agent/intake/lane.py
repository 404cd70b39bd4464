"""A bounded queue of one source: full, it makes the source wait, and so loses nothing."""

import threading
from collections import deque
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Weighed(Protocol):
    """What can wait in a lane."""

    @property
    def weight_bytes(self) -> int:
        """What it holds in memory beyond itself."""

    @property
    def since_ns(self) -> int:
        """The earliest that it, or what came after it, may have happened."""


W = TypeVar("W", bound=Weighed)


class Lane(Generic[W]):
    """Put by a monitor's thread, popped by the keeper's; several lanes share one condition."""

    def __init__(self, changed: threading.Condition, items_max: int, bytes_max: int) -> None:
        """Take the most items that may wait, and the most bytes at which one more item still may."""
        self._changed = changed
        self._items: deque[W] = deque()
        self._items_max = items_max
        self._bytes_max = bytes_max
        self._bytes = 0
        self.closed = False
        self.refused = 0
        """Items that came after the end; nobody could keep them."""

    def __len__(self) -> int:
        """Count what waits."""
        return len(self._items)

    def put(self, items: Iterable[W]) -> None:
        """Queue all items, in order; waits for room."""
        with self._changed:
            for item in items:
                if not self._has_room():
                    self._changed.notify_all()
                    self._changed.wait_for(self._has_room)
                if self.closed:
                    self.refused += 1
                    continue
                self._items.append(item)
                self._bytes += item.weight_bytes
            self._changed.notify_all()

    def pop(self, items_max: int) -> list[W]:
        """Give at most so many of what waits, oldest first. The caller holds the condition."""
        items = [self._items.popleft() for _ in range(min(items_max, len(self._items)))]
        self._bytes -= sum(item.weight_bytes for item in items)
        return items

    def since_ns(self) -> int | None:
        """Give the earliest that what waits may have happened. The caller holds the condition."""
        return self._items[0].since_ns if self._items else None

    def close(self) -> None:
        """Take no more; what waits can still be popped. The caller holds the condition."""
        self.closed = True

    def _has_room(self) -> bool:
        return self.closed or (len(self._items) < self._items_max and self._bytes < self._bytes_max)
