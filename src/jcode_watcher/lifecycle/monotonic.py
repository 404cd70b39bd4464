"""The kernel's records count time while the machine sleeps; the monitor's timestamps do not."""

import time
from collections.abc import Callable

TRIES = 3
RESOLUTION_NS = 1_000
"""Finer differences are the time between two clock readings, not sleep."""

Clock = Callable[[int], int]


def suspended_ns(read_clock: Clock = time.clock_gettime_ns) -> int:
    """Give how long this machine has slept since it booted: CLOCK_BOOTTIME less CLOCK_MONOTONIC."""
    _, measured = min(measurement(read_clock) for _ in range(TRIES))
    return round(measured / RESOLUTION_NS) * RESOLUTION_NS


def measurement(read_clock: Clock) -> tuple[int, int]:
    """Give the uncertainty of one measurement, and the measurement."""
    before = read_clock(time.CLOCK_MONOTONIC)
    boot = read_clock(time.CLOCK_BOOTTIME)
    after = read_clock(time.CLOCK_MONOTONIC)
    return after - before, boot - (before + after) // 2
