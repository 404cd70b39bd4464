"""What user space does for the kernel's table of containers: confirms pins, and clears away what is gone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from jcode_watcher.procmon.cgroups import NOWHERE, Cgroups, Container, Pins
from jcode_watcher.procmon.confirming import confirmed_name, first_of, strangers_to
from jcode_watcher.procmon.losses import NOTHING_TOLD, Buckets, Suppressions
from jcode_watcher.procmon.record import CgroupKey, Head, Member, Pin, PinState

LOOK_NS: Final = 50_000_000
"""Between two looks at who lives in a cgroup: what is only passing through has left by the second."""


class PinTable(Pins, Protocol):
    """The table of pins, or its twin in a test."""

    def replace(self, key: CgroupKey, value: Pin) -> None: ...  # noqa: D102 - as Table has it
    def remove(self, key: CgroupKey) -> None: ...  # noqa: D102


class KeyTable(Protocol):
    """A table of which only the keys matter here."""

    def __iter__(self) -> Iterator[CgroupKey]: ...
    def remove(self, key: CgroupKey) -> None: ...  # noqa: D102


class Upkeep:
    """Tends the kernel's table. For the reader's thread."""

    def __init__(
        self,
        *,
        pins: PinTable,
        buckets: Buckets,
        removed: KeyTable,
        doubts: Callable[[], int],
        members: Callable[[], Sequence[Member]],
        prefixes: Sequence[bytes],
        told: Mapping[str, int] = NOTHING_TOLD,
    ) -> None:
        """`doubts` grows whenever an unconfirmed pin was met; `members` lists who lives in such cgroups.

        `told` is what was told of losses by an earlier process that used the same tables.
        """
        self.cgroups = Cgroups(pins)
        self.suppressions = Suppressions(buckets, self.cgroups.of, told)
        self._pins = pins
        self._removed = removed
        self._doubts = doubts
        self._members = members
        self._prefixes = tuple(prefixes)
        self._doubts_seen = 0
        self._looked_ns: int | None = None
        self._suspects: dict[CgroupKey, set[tuple[int, int]]] = {}
        self._leaving: list[CgroupKey] = []

    def container_of(self, head: Head) -> Container:
        """Give the container in which a record was made."""
        return self.cgroups.of(head.container) if head.container_id else NOWHERE

    def look(self, now_ns: int) -> None:
        """Confirm pins, and refuse those of cgroups that processes of several hosts share."""
        doubts = self._doubts()
        if doubts == self._doubts_seen and not self._suspects:
            return
        if self._looked_ns is not None and now_ns - self._looked_ns < LOOK_NS:
            return
        self._doubts_seen, self._looked_ns = doubts, now_ns
        members = by_cgroup(self._members())
        self._suspects = {key: found for key in members if (found := self._decide(key, members[key]))}

    def sweep(self, *, caught_up: bool) -> None:
        """Clear away removed cgroups whose records are all done with: `caught_up` since the last sweep."""
        if caught_up:
            for key in self._leaving:
                self._pins.remove(key)
                self.suppressions.forget(key)
                self._removed.remove(key)
                self.cgroups.forget(key)
        self._leaving = list(self._removed)

    def _decide(self, key: CgroupKey, members: Sequence[Member]) -> set[tuple[int, int]]:
        """Confirm or refuse; give the strangers where it takes a second look."""
        pin, first = self._pins.get(key), first_of(members)
        if not pin or pin.state != PinState.UNCONFIRMED or not first:
            return set()
        strangers = {(member.pid, member.start_boot_ns) for member in strangers_to(first, members)}
        if not strangers and (name := confirmed_name(pin, first, self._prefixes)):
            self._settle(key, pin._replace(state=PinState.CONFIRMED, hostname=name))
        elif not strangers or strangers & self._suspects.get(key, set()):
            self._settle(key, pin._replace(state=PinState.SHARED))
        else:
            return strangers
        return set()

    def _settle(self, key: CgroupKey, pin: Pin) -> None:
        self._pins.replace(key, pin)
        self.cgroups.forget(key)


def by_cgroup(members: Iterable[Member]) -> Mapping[CgroupKey, Sequence[Member]]:
    """Group members by the cgroup in doubt; a process that was listed twice counts once."""
    grouped: dict[CgroupKey, dict[tuple[int, int], Member]] = defaultdict(dict)
    for member in members:
        grouped[member.key][member.pid, member.start_boot_ns] = member
    return {key: list(found.values()) for key, found in grouped.items()}
