"""A reader between a ring in memory and a list."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jcode_watcher.procmon.clock import TOLERANCE_NS, WallClock
from jcode_watcher.procmon.counters import KernelCounts
from jcode_watcher.procmon.facts import Fact
from jcode_watcher.procmon.reader import IN_FLIGHT_NS, Reader
from jcode_watcher.procmon.record import CgroupKey, Pin
from jcode_watcher.procmon.ring import Batch, Positions
from jcode_watcher.procmon.upkeep import Upkeep

if TYPE_CHECKING:
    from tests.unit.procmon.conftest import Records

SECOND = 1_000_000_000
BEHIND = IN_FLIGHT_NS + TOLERANCE_NS


class Ring:
    """A kernel in memory: batches that a test puts in, and a clock it sets."""

    def __init__(self, records: "Records") -> None:
        self.records = records
        self.batches: list[Batch] = []
        self.kernel = KernelCounts()
        self.now_ns = 10 * SECOND
        self.released = self.read = 0
        self.holds = False
        """Whether what was read is given back only when that is asked for."""

    def put(self, *records: bytes, caught_up: bool = True) -> None:
        self.batches.append(Batch(self.records.drained(*records), len(records), caught_up))

    def wait(self, timeout_ms: int) -> bool:
        del timeout_ms
        return bool(self.batches)

    def drain(self) -> Batch:
        batch = self.batches.pop(0) if self.batches else Batch(b"", 0, caught_up=True)
        begun, self.read = self.read, self.read + len(batch.data)
        if not self.holds:
            self.released = self.read
        return batch._replace(position=begun)

    def positions(self) -> Positions:
        return Positions(self.released, self.read, self.read + sum(len(batch.data) for batch in self.batches))

    def release(self, position: int) -> None:
        self.released = max(self.released, position)

    def counts(self) -> KernelCounts:
        return self.kernel


class NoTable:
    """A table of the kernel in which nothing stands."""

    def __iter__(self) -> Iterator[CgroupKey]:
        return iter(())

    def get(self, key: CgroupKey) -> None:
        del key

    def replace(self, key: CgroupKey, value: Pin) -> None:
        raise AssertionError(key, value)

    def remove(self, key: CgroupKey) -> None:
        raise AssertionError(key)


def upkeep_of_nothing() -> Upkeep:
    nothing = NoTable()
    return Upkeep(
        pins=nothing,
        buckets=nothing,
        removed=nothing,
        doubts=lambda: 0,
        members=list,
        prefixes=[b"jcode-"],
    )


class Bench:
    """A reader between a ring and a list."""

    def __init__(self, records: "Records", *, filtered: bool = True) -> None:
        self.ring = Ring(records)
        self.facts: list[Fact] = []
        self.watermarks: list[int] = []
        clock = WallClock(lambda: self.ring.now_ns, lambda: self.ring.now_ns)
        self.reader = Reader(
            self.ring,
            self.deliver,
            clock=clock,
            upkeep=upkeep_of_nothing() if filtered else None,
            now_ns=lambda: self.ring.now_ns,
        )

    def deliver(self, batch: Sequence[Fact]) -> None:
        self.watermarks.append(self.reader.delivered_until_ns())
        self.facts.extend(batch)
