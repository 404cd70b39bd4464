from jcode_watcher.procmon.cgroups import NOWHERE, Cgroups, Container, container_of
from jcode_watcher.procmon.record import CgroupKey, Pin, PinState

KEY = CgroupKey(7, 0)


def pin(names: bytes, hostname: bytes = b"host") -> Pin:
    return Pin(PinState.CONFIRMED, 1, hostname.ljust(64, b"\0"), len(names), names.ljust(768, b"\0"))


class Table:
    """The kernel's table in memory, which counts how often it was asked."""

    def __init__(self, pins: dict[CgroupKey, Pin]) -> None:
        self.pins = pins
        self.asked = 0

    def get(self, key: CgroupKey) -> Pin | None:
        self.asked += 1
        return self.pins.get(key)


def test_a_path_is_read_from_the_root_down() -> None:
    names = b"cri-1.scope\0pod2.slice\0kubepods.slice\0"
    assert container_of(pin(names)) == Container(b"/kubepods.slice/pod2.slice/cri-1.scope", b"host")


def test_a_path_whose_beginning_does_not_fit_says_so() -> None:
    assert container_of(pin(b"a" * 200 + b"\0" + b"b" * 255 + b"\0" + b"c" * 100 + b"\0")).path.startswith(
        b".../c"
    )


def test_a_hostname_may_fill_its_field() -> None:
    assert container_of(pin(b"a\0", b"h" * 64)).hostname == b"h" * 64


def test_the_kernel_is_asked_once_until_it_is_forgotten() -> None:
    table = Table({KEY: pin(b"a\0")})
    cgroups = Cgroups(table)
    assert cgroups.of(KEY) == cgroups.of(KEY) == Container(b"/a", b"host")
    assert table.asked == 1
    cgroups.forget(KEY)
    table.pins.clear()
    assert cgroups.of(KEY) == NOWHERE


def test_the_least_recently_used_gives_way_at_the_limit() -> None:
    keys = [CgroupKey(number, 0) for number in range(3)]
    table = Table({key: pin(b"a\0") for key in keys})
    cgroups = Cgroups(table, limit=2)
    for key in (keys[0], keys[1], keys[0], keys[2]):
        cgroups.of(key)
    table.asked = 0
    cgroups.of(keys[0])
    assert table.asked == 0
    cgroups.of(keys[1])
    assert table.asked == 1
