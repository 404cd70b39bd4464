"""Before which time all has been told: never too late a time, and never far behind."""

from typing import TYPE_CHECKING

from tests.unit.procmon.bench import Bench

from jcode_watcher.procmon.clock import TOLERANCE_NS
from jcode_watcher.procmon.counters import KernelCounts
from jcode_watcher.procmon.facts import Executed, Lost
from jcode_watcher.procmon.reader import IN_FLIGHT_NS

if TYPE_CHECKING:
    from tests.unit.procmon.conftest import Records

SECOND = 1_000_000_000
BEHIND = IN_FLIGHT_NS + TOLERANCE_NS


def test_the_watermark_is_zero_until_the_first_delivery_has_returned(
    bench: Bench, records: "Records"
) -> None:
    assert bench.reader.delivered_until_ns() == 0
    bench.ring.put(records.executed())
    bench.reader.begin([])
    assert bench.watermarks == [0]
    assert bench.reader.delivered_until_ns() == bench.ring.now_ns - BEHIND


def test_the_watermark_follows_the_clock_while_nothing_happens(bench: Bench) -> None:
    bench.reader.begin([])
    bench.ring.now_ns += SECOND
    assert bench.reader.delivered_until_ns() == bench.ring.now_ns - BEHIND


def test_the_watermark_stays_while_records_wait_or_are_being_delivered(
    bench: Bench, records: "Records"
) -> None:
    bench.reader.begin([])
    begun_ns = bench.ring.now_ns
    bench.ring.put(records.executed())
    bench.ring.now_ns += SECOND
    assert bench.reader.delivered_until_ns() == begun_ns - BEHIND
    bench.reader.run_once()
    assert bench.watermarks == [begun_ns - BEHIND]


def test_the_watermark_stays_where_a_drain_did_not_reach_the_end(bench: Bench, records: "Records") -> None:
    bench.reader.begin([])
    begun_ns = bench.ring.now_ns
    bench.ring.put(records.executed(), caught_up=False)
    bench.ring.put(records.exited())
    bench.ring.now_ns += SECOND
    bench.reader.run_once()
    assert bench.reader.delivered_until_ns() == begun_ns - BEHIND
    drained_ns = bench.ring.now_ns
    bench.reader.run_once()
    bench.ring.put(records.exited())
    bench.ring.now_ns += SECOND
    assert bench.reader.delivered_until_ns() == drained_ns - BEHIND


def test_the_watermark_stands_still_after_the_end(bench: Bench, records: "Records") -> None:
    bench.reader.begin([])
    bench.ring.put(records.executed())
    bench.ring.kernel = KernelCounts(dropped_ring_full=1)
    detached_ns = bench.ring.now_ns
    bench.reader.finish(detached_ns)
    assert [type(fact) for fact in bench.facts] == [Executed, Lost]
    bench.ring.now_ns += SECOND
    assert bench.reader.delivered_until_ns() == detached_ns - BEHIND
