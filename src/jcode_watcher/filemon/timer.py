"""A moment to wait for that can be polled (timerfd_create(2), which Python has only since 3.13)."""

import os
import time

from jcode_watcher.filemon._disk import ffi, lib
from jcode_watcher.filemon.calls import checked

NANOSECONDS = 1_000_000_000
SHORTEST_NS = 1
"""Zero would mean never."""


class Timer:
    """Becomes readable after a time, once or again and again."""

    def __init__(self) -> None:
        self._fd = checked(lib.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC))

    def fileno(self) -> int:
        """Give what to poll."""
        return self._fd

    def ring(self, after_seconds: float, every_seconds: float = 0.0) -> None:
        """Ring after this time, and then every so often; 0 for once."""
        first_ns = max(SHORTEST_NS, round(after_seconds * NANOSECONDS))
        every_ns = round(every_seconds * NANOSECONDS)
        times = (divmod(every_ns, NANOSECONDS), divmod(first_ns, NANOSECONDS))
        checked(lib.timerfd_settime(self._fd, 0, ffi.new("struct itimerspec *", times), ffi.NULL))

    def rang(self) -> bool:
        """Tell whether it has rung since it was last asked."""
        try:
            os.read(self._fd, 8)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Ring no more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
