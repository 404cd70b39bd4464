"""Kernel time as wall clock."""

import time
from collections.abc import Callable
from typing import Final

TOLERANCE_NS: Final = 100_000
"""How far the offset may be from the true one before it is corrected, so that a start time worked out twice
is the same both times, though the wall clock is being slewed."""


def boot_ns() -> int:
    """Give CLOCK_BOOTTIME now, which is what the kernel stamps records with."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class WallClock:
    """Turns CLOCK_BOOTTIME into wall clock, at most TOLERANCE_NS off, and follows when the clock is set."""

    def __init__(self, boot: Callable[[], int] = boot_ns, wall: Callable[[], int] = time.time_ns) -> None:
        self._boot = boot
        self._wall = wall
        self.offset_ns = self._measure()

    def refresh(self) -> None:
        """Look whether the wall clock has moved against the kernel's."""
        offset_ns = self._measure()
        if abs(offset_ns - self.offset_ns) > TOLERANCE_NS:
            self.offset_ns = offset_ns

    def _measure(self) -> int:
        before = self._boot()
        wall = self._wall()
        return wall - (before + self._boot()) // 2
