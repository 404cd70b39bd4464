import pytest

from jcode_watcher.procmon import BadOption, ProcessMonitor
from jcode_watcher.procmon.options import (
    check_argv_bytes_max,
    check_prefixes,
    check_ring_bytes,
    event_cost_ns,
)


def test_what_can_be_is_given_back() -> None:
    assert check_prefixes(["jcode-", "한"]) == [b"jcode-", "한".encode()]
    assert check_prefixes([]) == []
    assert check_prefixes(["p"] * 16) == [b"p"] * 16
    assert check_prefixes(["p" * 64]) == [b"p" * 64]
    assert check_ring_bytes(8 << 20) == 8 << 20
    assert check_argv_bytes_max(16_384) == 16_384
    assert event_cost_ns(2_000) == 500_000
    assert event_cost_ns(0) == 0


@pytest.mark.parametrize("prefixes", [[""], ["p" * 65], ["p"] * 17, ["한" * 22]])
def test_prefixes_that_cannot_be_compared_are_refused(prefixes: list[str]) -> None:
    with pytest.raises(BadOption, match="prefix"):
        check_prefixes(prefixes)


@pytest.mark.parametrize("ring_bytes", [0, -4096, 1000, 4097, 3 << 20, 1 << 27])
def test_a_ring_that_the_kernel_would_not_make_is_refused(ring_bytes: int) -> None:
    with pytest.raises(BadOption, match="power of two"):
        check_ring_bytes(ring_bytes)


@pytest.mark.parametrize("argv_bytes_max", [0, -1, 16_385])
def test_arguments_without_room_are_refused(argv_bytes_max: int) -> None:
    with pytest.raises(BadOption, match="1 to 16384"):
        check_argv_bytes_max(argv_bytes_max)


@pytest.mark.parametrize("per_second", [-1, 1_000_001])
def test_a_rate_that_cannot_be_kept_is_refused(per_second: int) -> None:
    with pytest.raises(BadOption, match="0 \\(no limit\\) to 1000000"):
        event_cost_ns(per_second)


def test_a_monitor_refuses_before_it_loads_anything() -> None:
    with pytest.raises(BadOption):
        ProcessMonitor(lambda _: None, hostname_prefixes=["p" * 65])


def test_a_monitor_that_never_started_stops_in_peace() -> None:
    monitor = ProcessMonitor(lambda _: None)
    monitor.stop()
    assert monitor.counters().seen == 0
    assert monitor.delivered_until_ns == 0
    assert not monitor.running
    with pytest.raises(BadOption, match="starts once"):
        monitor.start()
