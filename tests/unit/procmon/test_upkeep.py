from collections.abc import Iterator

import pytest

from jcode_watcher.procmon.cgroups import NOWHERE, Container
from jcode_watcher.procmon.record import Bucket, CgroupKey, Member, Pin, PinState
from jcode_watcher.procmon.upkeep import LOOK_NS, Upkeep

KEY = CgroupKey(7, 0)
FIRST = Member(7, 0, 0, 100, 10, 9, 1, 60, 50, 0, b"jcode-a".ljust(64, b"\0"))
STRANGER = FIRST._replace(pid=20, start_boot_ns=300, pid_inum=61, uts_inum=51)


class Keys:
    """A table of the kernel in memory."""

    def __init__(self) -> None:
        self.keys: list[CgroupKey] = []

    def __iter__(self) -> Iterator[CgroupKey]:
        return iter(list(self.keys))

    def remove(self, key: CgroupKey) -> None:
        self.keys.remove(key)


class Pins:
    """The kernel's table of pins in memory."""

    def __init__(self) -> None:
        self.pins = {
            KEY: Pin(PinState.UNCONFIRMED, 50, b"jcode-a".ljust(64, b"\0"), 2, b"a\0".ljust(768, b"\0"))
        }

    def get(self, key: CgroupKey) -> Pin | None:
        return self.pins.get(key)

    def replace(self, key: CgroupKey, value: Pin) -> None:
        assert key in self.pins
        self.pins[key] = value

    def remove(self, key: CgroupKey) -> None:
        del self.pins[key]

    @property
    def state(self) -> int:
        return self.pins[KEY].state


class Buckets:
    """The kernel's table of allowances in memory."""

    def __init__(self, buckets: dict[CgroupKey, Bucket]) -> None:
        self.buckets = buckets

    def __iter__(self) -> Iterator[CgroupKey]:
        return iter(list(self.buckets))

    def get(self, key: CgroupKey) -> Bucket | None:
        return self.buckets.get(key)

    def remove(self, key: CgroupKey) -> None:
        self.buckets.pop(key, None)


class Bench:
    """Upkeep between tables in memory."""

    def __init__(self) -> None:
        self.pins, self.removed, self.buckets = Pins(), Keys(), Buckets({})
        self.doubts = 1
        self.members = [FIRST]
        self.looks = 0
        self.upkeep = Upkeep(
            pins=self.pins,
            buckets=self.buckets,
            removed=self.removed,
            doubts=lambda: self.doubts,
            members=self.list_members,
            prefixes=[b"jcode-"],
        )

    def list_members(self) -> list[Member]:
        self.looks += 1
        return self.members


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_cgroup_of_one_host_is_confirmed_at_the_first_look(bench: Bench) -> None:
    assert bench.upkeep.cgroups.of(KEY) == Container(b"/a", b"jcode-a")
    bench.upkeep.look(0)
    assert bench.pins.state == PinState.CONFIRMED


@pytest.mark.parametrize("uts_inum", [50, 51])
def test_the_name_at_first_sight_stands_whatever_the_first_process_calls_itself(
    bench: Bench, uts_inum: int
) -> None:
    bench.members = [FIRST._replace(hostname=b"jcode-victim".ljust(64, b"\0"), uts_inum=uts_inum)]
    bench.upkeep.look(0)
    assert bench.pins.state == PinState.CONFIRMED
    assert bench.upkeep.cgroups.of(KEY).hostname == b"jcode-a"


def test_in_a_container_that_ran_before_the_first_process_tells_the_hostname(bench: Bench) -> None:
    bench.pins.pins[KEY] = bench.pins.pins[KEY]._replace(ran_before=1)
    bench.members = [
        FIRST._replace(hostname=b"jcode-first".ljust(64, b"\0"), uts_inum=51),
        FIRST._replace(pid=11, start_boot_ns=101, uts_inum=51),
    ]
    bench.upkeep.cgroups.of(KEY)
    bench.upkeep.look(0)
    assert bench.upkeep.cgroups.of(KEY).hostname == b"jcode-first"


def test_what_stays_is_another_host_and_what_passes_through_is_not(bench: Bench) -> None:
    bench.members = [FIRST, STRANGER]
    bench.upkeep.look(0)
    assert bench.pins.state == PinState.UNCONFIRMED
    bench.members = [FIRST, STRANGER._replace(pid=21)]
    bench.upkeep.look(LOOK_NS)
    assert bench.pins.state == PinState.UNCONFIRMED
    bench.upkeep.look(2 * LOOK_NS)
    assert bench.pins.state == PinState.SHARED


def test_a_first_process_of_an_unwanted_hostname_is_no_container_of_ours(bench: Bench) -> None:
    bench.members = [FIRST._replace(hostname=b"other".ljust(64, b"\0"), uts_inum=51)]
    bench.upkeep.look(0)
    assert bench.pins.state == PinState.SHARED


def test_nobody_is_listed_without_a_doubt_nor_too_often(bench: Bench) -> None:
    bench.members = []
    bench.upkeep.look(0)
    bench.upkeep.look(LOOK_NS)
    assert bench.looks == 1
    bench.doubts = 2
    bench.upkeep.look(LOOK_NS - 1)
    assert bench.looks == 1
    bench.upkeep.look(LOOK_NS)
    assert bench.looks == 2


def test_a_pin_that_is_settled_stays_as_it_is(bench: Bench) -> None:
    bench.pins.pins[KEY] = bench.pins.pins[KEY]._replace(state=PinState.SHARED)
    bench.upkeep.look(0)
    assert bench.pins.state == PinState.SHARED


def test_a_removed_cgroup_is_cleared_away_once_its_records_have_been_read(bench: Bench) -> None:
    bench.upkeep.cgroups.of(KEY)
    bench.removed.keys.append(KEY)
    bench.upkeep.sweep(caught_up=True)
    assert bench.upkeep.cgroups.of(KEY) != NOWHERE
    bench.upkeep.sweep(caught_up=False)
    assert KEY in bench.pins.pins
    bench.upkeep.sweep(caught_up=True)
    assert bench.pins.pins == {}
    assert bench.removed.keys == []
    assert bench.upkeep.cgroups.of(KEY) == NOWHERE
