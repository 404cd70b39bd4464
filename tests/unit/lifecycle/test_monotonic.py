import time
from collections.abc import Callable, Iterator

from jcode_watcher.lifecycle.monotonic import suspended_ns


def clock_that_gives(readings: Iterator[int]) -> Callable[[int], int]:
    return lambda _: next(readings)


def test_the_difference_of_the_clocks_is_sleep() -> None:
    readings = iter([1_000_000, 8_000_100, 1_000_200] * 3)
    assert suspended_ns(clock_that_gives(readings)) == 7_000_000


def test_a_measurement_that_was_interrupted_does_not_count() -> None:
    interrupted = [1_000_000, 10_000_000, 9_000_000]
    readings = iter([*interrupted, 20_000_000, 20_000_050, 20_000_100, *interrupted])
    assert suspended_ns(clock_that_gives(readings)) == 0


def test_a_converted_timestamp_lies_between_two_readings_of_the_monotonic_clock() -> None:
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    now = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - suspended_ns()
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    assert before - 1_000 <= now <= after + 1_000
