"""From the reader's thread to the event loop: in order, in batches, bounded."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Condition

EVENTS_MAX = 65_536
"""Events on their way at most; beyond, the reader's thread waits and the kernel's ring takes up the rest."""


class Handover:
    """Passes events on to `publish`, which runs in the event loop, many at a time."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        publish: Callable[[list[bytes]], None],
        events_max: int = EVENTS_MAX,
    ) -> None:
        self._loop = loop
        self._publish = publish
        self._events_max = events_max
        self._changed = Condition()
        self._waiting: list[bytes] = []
        self._closed = False

    def __len__(self) -> int:
        """Count the events on their way."""
        return len(self._waiting)

    def put(self, events: Sequence[bytes]) -> None:
        """Hand events over from any thread but the loop's; wait while too many are on their way."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < self._events_max or self._closed)
            if self._closed or not events:
                return
            if not self._waiting:
                # One wake-up of the loop serves all that arrives until it runs.
                self._loop.call_soon_threadsafe(self.flush)
            self._waiting.extend(events)

    def flush(self) -> None:
        """Publish what is on its way. Runs in the event loop."""
        with self._changed:
            events, self._waiting = self._waiting, []
            self._changed.notify_all()
        if events:
            self._publish(events)

    def close(self) -> None:
        """Let nobody wait any longer; what comes now is thrown away, as nobody is left to read it."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
