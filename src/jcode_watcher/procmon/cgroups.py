"""Which container a cgroup is: its path and the hostname it was pinned to.

The path comes from the kernel's own table, written at first sight. A walk through /sys/fs/cgroup would come
too late for a container that lives for some milliseconds, and would need the hierarchies mounted.
"""

from collections import OrderedDict
from typing import Final, NamedTuple, Protocol

from jcode_watcher.procmon.record import CgroupKey, Pin

CACHED_MAX: Final = 4_096
"""Twice what the kernel's table holds."""
NAMES_BYTES_MAX: Final = 512
"""In bpf/tables.h: where the names take as much, the path's beginning is missing."""
LEVELS_MAX: Final = 16
"""Likewise, where there are so many names."""
LEVELS_SLOTS: Final = 64
"""In bpf/pins.h: depths that are told apart."""


class Container(NamedTuple):
    """Bytes as Linux has them; empty where nothing is known."""

    path: bytes = b""
    """Below the hierarchy's root, such as `/kubepods/pod…/…`; `...` before it where its beginning is cut."""
    hostname: bytes = b""


NOWHERE: Final = Container()


class Pins(Protocol):
    """The kernel's table, or its twin in a test."""

    def get(self, key: CgroupKey) -> Pin | None: ...  # noqa: D102 - as Table has it


class Cgroups:
    """Remembers what the kernel's table says; the least recently used give way."""

    def __init__(self, pins: Pins, limit: int = CACHED_MAX) -> None:
        self._pins = pins
        self._limit = limit
        self._known: OrderedDict[CgroupKey, Container] = OrderedDict()

    def of(self, key: CgroupKey) -> Container:
        """Give the container of that cgroup; NOWHERE if the kernel's table does not have it."""
        known = self._known.get(key)
        if known:
            self._known.move_to_end(key)
            return known
        pin = self._pins.get(key)
        if not pin:
            return NOWHERE
        self._known[key] = container = container_of(pin)
        if len(self._known) > self._limit:
            self._known.popitem(last=False)
        return container

    def forget(self, key: CgroupKey) -> None:
        """Ask the kernel again next time."""
        self._known.pop(key, None)


def container_of(pin: Pin) -> Container:
    """Read a pin."""
    names = pin.names[: pin.names_bytes].removesuffix(b"\0").split(b"\0") if pin.names_bytes else []
    path = b"/" + b"/".join(reversed(names))
    if pin.names_bytes >= NAMES_BYTES_MAX:
        path = b"..." + path
    return Container(path, pin.hostname.partition(b"\0")[0])


def levels_of(pin: Pin) -> range:
    """Give the depths at which its cgroup may be: one, unless its path is cut."""
    level = pin.names[: pin.names_bytes].count(0)
    is_cut = level >= LEVELS_MAX or pin.names_bytes >= NAMES_BYTES_MAX
    return range(LEVELS_SLOTS) if is_cut else range(level, level + 1)
