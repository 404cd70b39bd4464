"""From counters that grew to facts that say what is missing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from jcode_watcher.procmon.cgroups import Container
from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.facts import Lost
from jcode_watcher.procmon.record import Bucket, CgroupKey

CHECK_SECONDS: Final = 0.25
"""A loss is told within a second."""


class Buckets(Protocol):
    """The kernel's table of allowances, or its twin in a test."""

    def __iter__(self) -> Iterator[CgroupKey]: ...
    def get(self, key: CgroupKey) -> Bucket | None: ...  # noqa: D102 - as Table has it
    def remove(self, key: CgroupKey) -> None: ...  # noqa: D102


class Suppressions:
    """Tells for each container how much of it the kernel suppressed, as it had spent its allowance."""

    def __init__(self, buckets: Buckets, container_of: Callable[[CgroupKey], Container]) -> None:
        self._buckets = buckets
        self._container_of = container_of
        self._told: dict[CgroupKey, int] = {}
        self._total = 0

    def since_last(self, total: int, since_ns: int, until_ns: int) -> Iterator[Lost]:
        """Give what was suppressed since the last call; `total` is the kernel's count over all containers."""
        if total == self._total:
            return
        for key in self._buckets:
            bucket = self._buckets.get(key)
            count = bucket.suppressed - self._told.get(key, 0) if bucket else 0
            if not count:
                continue
            self._told[key] = self._told.get(key, 0) + count
            # What came after `total` was read is told now; then the next call finds nothing of it.
            self._total += count
            container = self._container_of(key)
            yield Lost(
                stage="kernel",
                reason="rate_limited",
                count=count,
                since_ns=since_ns,
                until_ns=until_ns,
                hostname=container.hostname,
                cgroup_path=container.path,
            )

    def forget(self, key: CgroupKey) -> None:
        """Clear away a container that is gone, and of which all has been told."""
        self._buckets.remove(key)
        self._told.pop(key, None)


class Losses:
    """Tells each loss once, with the time between two looks in which it happened."""

    def __init__(self, now_ns: int) -> None:
        self._told: dict[tuple[str, str], int] = {}
        self._looked_ns = now_ns

    def since_last(
        self, counters: Counters, now_ns: int, suppressions: Suppressions | None = None
    ) -> list[Lost]:
        """Give what was lost since the last call; times are wall clock."""
        lost = [
            Lost(
                stage=stage,
                reason=reason,
                count=total - self._told.get((stage, reason), 0),
                since_ns=self._looked_ns,
                until_ns=now_ns,
            )
            for (stage, reason), total in totals(counters).items()
            if total > self._told.get((stage, reason), 0)
        ]
        if suppressions:
            lost += suppressions.since_last(counters.rate_limited, self._looked_ns, now_ns)
        self._told.update(totals(counters))
        self._looked_ns = now_ns
        return lost


def totals(counters: Counters) -> Mapping[tuple[str, str], int]:
    """Give every kind of loss that is of no one container, by stage and reason."""
    return {
        ("kernel", "ring_full"): counters.dropped_ring_full,
        ("kernel", "program_busy"): counters.missed,
        ("decode", "bad_record"): counters.refused,
    }
