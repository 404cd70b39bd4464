"""From counters that grew to facts that say what is missing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from jcode_watcher.procmon.cgroups import Container
from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.facts import Lost
from jcode_watcher.procmon.record import Bucket, CgroupKey

NOTHING_TOLD: Final[Mapping[str, int]] = {}
CHECK_SECONDS: Final = 0.25
"""A loss is told within a second."""


class Buckets(Protocol):
    """The kernel's table of allowances, or its twin in a test."""

    def __iter__(self) -> Iterator[CgroupKey]: ...
    def get(self, key: CgroupKey) -> Bucket | None: ...  # noqa: D102 - as Table has it
    def remove(self, key: CgroupKey) -> None: ...  # noqa: D102


class Suppressions:
    """Tells for each container how much of it the kernel suppressed, as it had spent its allowance."""

    def __init__(
        self,
        buckets: Buckets,
        container_of: Callable[[CgroupKey], Container],
        told: Mapping[str, int] = NOTHING_TOLD,
    ) -> None:
        """`told` is what an earlier process told of the same table, by the facts' counter."""
        self._buckets = buckets
        self._container_of = container_of
        self._told_before = dict(told)
        self._told: dict[CgroupKey, int] = {}
        # Over all containers, also those that are gone by now; not known of what was told by another process.
        self._total = None if told else 0

    def since_last(self, total: int, since_ns: int, until_ns: int) -> Iterator[Lost]:
        """Give what was suppressed since the last call; `total` is the kernel's count over all containers."""
        if total == self._total:
            return
        grown = [*self._grown()]
        if self._total is None:
            self._total = total - sum(count for _, _, count in grown)
        for key, before, count in grown:
            self._told[key] = before + count
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
                counter=counter_of(key),
                total=before + count,
            )

    def forget(self, key: CgroupKey) -> None:
        """Clear away a container that is gone, and of which all has been told."""
        self._buckets.remove(key)
        self._told.pop(key, None)
        self._told_before.pop(counter_of(key), None)

    def _grown(self) -> Iterator[tuple[CgroupKey, int, int]]:
        """Give each container of which something is to be told: what was told before, and what was not."""
        for key in self._buckets:
            bucket = self._buckets.get(key)
            before = self._told.get(key, self._told_before.get(counter_of(key), 0))
            if bucket and bucket.suppressed > before:
                yield key, before, bucket.suppressed - before


def counter_of(key: CgroupKey) -> str:
    """Name the kernel's count of what it suppressed of a container."""
    return f"rate_limited {key.id} {key.hierarchy}"


class Losses:
    """Tells each loss once, with the time between two looks in which it happened."""

    def __init__(self, looked_ns: int, told: Mapping[str, int] = NOTHING_TOLD) -> None:
        """Take when losses were last looked at, and what an earlier process told of the same counters."""
        self._told = {key: told.get(COUNTERS.get(key, ""), 0) for key in totals(Counters())}
        self._looked_ns = looked_ns

    def since_last(
        self, counters: Counters, now_ns: int, suppressions: Suppressions | None = None
    ) -> list[Lost]:
        """Give what was lost since the last call; times are wall clock."""
        lost = [
            Lost(
                stage=stage,
                reason=reason,
                count=total - self._told[stage, reason],
                since_ns=self._looked_ns,
                until_ns=now_ns,
                counter=COUNTERS.get((stage, reason), ""),
                total=total,
            )
            for (stage, reason), total in totals(counters).items()
            if total > self._told[stage, reason]
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


COUNTERS: Final = {("kernel", "ring_full"): "ring_full", ("kernel", "program_busy"): "program_busy"}
"""What the kernel counts, and goes on counting where its programs outlive the process that loaded them."""
