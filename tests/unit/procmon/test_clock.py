from jcode_watcher.procmon.clock import TOLERANCE_NS, WallClock


class Machine:
    """Two clocks that a test sets."""

    def __init__(self) -> None:
        self.boot_ns = 1_000
        self.wall_ns = 5_000_000


def test_small_steps_change_nothing_and_large_ones_are_followed() -> None:
    machine = Machine()
    clock = WallClock(lambda: machine.boot_ns, lambda: machine.wall_ns)
    assert clock.offset_ns == 4_999_000
    machine.wall_ns += TOLERANCE_NS
    clock.refresh()
    assert clock.offset_ns == 4_999_000
    machine.wall_ns -= 1_000_000
    clock.refresh()
    assert clock.offset_ns == 3_999_000 + TOLERANCE_NS


def test_slow_drift_never_adds_up_to_more_than_the_tolerance() -> None:
    machine = Machine()
    clock = WallClock(lambda: machine.boot_ns, lambda: machine.wall_ns)
    for _ in range(1_000):
        machine.wall_ns += TOLERANCE_NS // 10
        clock.refresh()
        assert abs(machine.wall_ns - machine.boot_ns - clock.offset_ns) <= TOLERANCE_NS
