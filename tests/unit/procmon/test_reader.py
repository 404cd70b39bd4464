from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from tests.unit.procmon.bench import Bench

from jcode_watcher.procmon.clock import TOLERANCE_NS
from jcode_watcher.procmon.counters import KernelCounts
from jcode_watcher.procmon.decode import KernelFact
from jcode_watcher.procmon.facts import Executed, Exited, Lost
from jcode_watcher.procmon.reader import IN_FLIGHT_NS
from jcode_watcher.procmon.record import Flag

if TYPE_CHECKING:
    from tests.unit.procmon.conftest import Records

SECOND = 1_000_000_000
BEHIND = IN_FLIGHT_NS + TOLERANCE_NS


def found_running(fact: Callable[[bytes], KernelFact], record: bytes) -> Executed:
    executed = fact(record)
    assert isinstance(executed, Executed)
    return replace(executed, found_running=True)


def test_what_ran_before_comes_first_and_fills_its_end(
    bench: Bench, records: "Records", fact: Callable[[bytes], KernelFact]
) -> None:
    older = found_running(fact, records.executed(pid=1))
    bench.ring.put(records.exited(pid=1))
    bench.reader.begin([older])
    assert bench.facts[0] == older
    assert isinstance(bench.facts[1], Exited)
    assert bench.facts[1].program == older
    assert bench.reader.counters().found_running == 1


def test_one_that_executed_while_it_was_being_listed_comes_once(
    bench: Bench, records: "Records", fact: Callable[[bytes], KernelFact]
) -> None:
    bench.ring.put(records.exited(pid=8), caught_up=False)
    bench.ring.put(records.executed(pid=1))
    bench.reader.begin([found_running(fact, records.executed(pid=1))])
    assert [fact.found_running for fact in bench.facts if isinstance(fact, Executed)] == [False]


def test_what_an_earlier_ring_has_comes_first_and_is_not_found_running_again(
    bench: Bench, records: "Records", fact: Callable[[bytes], KernelFact]
) -> None:
    left, ended = fact(records.executed(pid=1)), fact(records.exited(pid=2))
    bench.reader.tell_left([left, ended])
    assert bench.reader.delivered_until_ns() == 0
    bench.ring.put(records.exited(pid=1, exec_boot_ns=0))
    bench.reader.begin([found_running(fact, records.executed(pid=1))])

    assert bench.facts[:2] == [left, ended]
    (end,) = bench.facts[2:]
    assert isinstance(end, Exited)
    assert (end.program, end.exec_boot_ns) == (left, 5_000)
    counters = bench.reader.counters()
    assert (counters.received, counters.delivered, counters.found_running) == (1, 1, 0)


def test_bad_records_are_counted_told_and_spoil_no_other(bench: Bench, records: "Records") -> None:
    bench.reader.begin([])
    bench.ring.put(records.executed(), b"garbage", records.exited()[:-8], records.exited())
    bench.ring.now_ns += SECOND
    bench.reader.run_once()
    assert [type(fact) for fact in bench.facts] == [Executed, Exited, Lost]
    lost = bench.facts[-1]
    assert isinstance(lost, Lost)
    assert (lost.stage, lost.reason, lost.count) == ("decode", "bad_record", 2)
    counters = bench.reader.counters()
    assert (counters.received, counters.refused, counters.decoded, counters.delivered) == (4, 2, 2, 2)


def test_a_loss_is_told_within_a_second_though_nothing_else_comes(bench: Bench) -> None:
    bench.reader.begin([])
    bench.ring.kernel = KernelCounts(seen=3, dropped_ring_full=3)
    told = []
    for _ in range(10):
        bench.ring.now_ns += SECOND // 10
        bench.reader.run_once()
        told.append(len(bench.facts))
    assert told[-1] == 1


@pytest.mark.parametrize("delivered", [0, 1])
def test_a_victim_of_unknown_hostname_is_left_out_where_hostnames_are_chosen(
    records: "Records", delivered: int
) -> None:
    bench = Bench(records, filtered=not delivered)
    bench.ring.put(records.oom_killed(flags=Flag.PID_ONLY, start_boot_ns=0))
    bench.reader.begin([])
    assert len(bench.facts) == delivered
    counters = bench.reader.counters()
    assert (counters.decoded, counters.unmatched, counters.delivered) == (1, 1 - delivered, delivered)


def test_each_fact_says_where_its_record_ends_in_the_ring(bench: Bench, records: "Records") -> None:
    first, second = records.executed(argv=b"odd"), records.exited()
    bench.ring.put(first)
    bench.ring.put(b"garbage", second)
    bench.reader.begin([])
    bench.reader.run_once()
    ends = [len(records.drained(first)), len(records.drained(first, b"garbage", second))]
    assert [fact.position for fact in bench.facts if isinstance(fact, Executed | Exited)] == ends


def test_what_was_delivered_is_not_given_back_and_what_brought_no_fact_is(
    bench: Bench, records: "Records"
) -> None:
    bench.ring.holds = True
    bench.reader.begin([])
    bench.ring.put(b"garbage")
    bench.reader.run_once()
    assert bench.ring.released == bench.ring.read > 0
    bench.ring.put(records.executed())
    bench.reader.run_once()
    bench.ring.put(b"garbage")
    bench.reader.run_once()
    assert bench.ring.released < bench.ring.read


def test_a_reader_that_pauses_delivers_what_lay_there_and_not_for_ever(
    bench: Bench, records: "Records"
) -> None:
    bench.reader.begin([])
    bench.ring.put(records.executed(), caught_up=False)
    bench.ring.put(records.exited())
    bench.ring.put(records.exited())
    bench.reader.pause()
    assert [type(fact) for fact in bench.facts] == [Executed, Exited]
    assert bench.ring.wait(0)


def test_containers_that_are_gone_are_cleared_away_only_once_what_they_did_is_given_back(
    bench: Bench, records: "Records"
) -> None:
    swept: list[bool] = []

    def sweep(*, caught_up: bool) -> None:
        swept.append(caught_up)

    assert bench.reader._upkeep
    bench.reader._upkeep.sweep = sweep  # type: ignore[method-assign]
    bench.ring.holds = True
    bench.reader.begin([])
    bench.ring.put(records.exited())
    for _ in range(3):
        bench.ring.now_ns += SECOND
        bench.reader.run_once()
    assert len(swept) == 1
    bench.ring.release(bench.ring.read)
    bench.ring.now_ns += SECOND
    bench.reader.run_once()
    assert len(swept) == 2
