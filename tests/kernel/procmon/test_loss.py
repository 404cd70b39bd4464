"""What is lost is counted and told, and the watermark never says more than was delivered."""

import subprocess
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed, Exited, Fact, Lost, ProcessMonitor

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Recorder, Watch

pytestmark = pytest.mark.kernel

PROGRAMS = 200


def run_programs(programs: str, hostname: str) -> None:
    command = [programs, "in", hostname, programs, "all", str(PROGRAMS), "exit", "0"]
    subprocess.run(command, check=True, capture_output=True)


def test_a_full_ring_loses_records_counts_each_and_tells_it_within_a_second(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    with watch(ring_bytes=4096) as recorder:
        recorder.catch_up()
        with recorder_held(recorder):
            run_programs(programs, hostname)
        released = time.monotonic()
        recorder.wait_for(lambda r: any(isinstance(fact, Lost) for fact in r.facts))
        assert time.monotonic() - released < 1
    counters = recorder.monitor.counters()
    lost = [fact for fact in recorder.facts if isinstance(fact, Lost)]
    assert sum(fact.count for fact in lost) == counters.dropped_ring_full > 0
    assert {(fact.stage, fact.reason) for fact in lost} == {("kernel", "ring_full")}
    assert all(fact.since_ns < fact.until_ns <= time.time_ns() for fact in lost)
    assert counters.seen == counters.filtered + counters.submitted + counters.dropped
    # The runner's exec under this hostname and its end besides.
    assert len(recorder.executed) + len(recorder.exited) + counters.dropped == 2 * PROGRAMS + 2
    assert counters.submitted == counters.received == counters.delivered


def recorder_held(recorder: "Recorder") -> threading.Condition:
    """Give what keeps `deliver` from returning for as long as it is held."""
    return recorder._arrived


def test_no_fact_comes_that_happened_before_the_watermark(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    with watch() as recorder:
        said: list[int] = []
        inner = recorder.deliver
        too_late: list[tuple[int, Fact]] = []

        def deliver(batch: Sequence[Fact]) -> None:
            until_ns = max(said, default=0)
            too_late.extend(
                (until_ns, fact)
                for fact in batch
                if isinstance(fact, Executed | Exited) and fact.time_ns < until_ns
            )
            inner(batch)

        recorder.monitor._opened.reader._deliver = deliver  # type: ignore[union-attr] # it was started
        runner = threading.Thread(target=run_programs, args=(programs, hostname))
        runner.start()
        while runner.is_alive():
            said.append(recorder.monitor.delivered_until_ns)
        runner.join()
        recorder.catch_up()
    assert too_late == []
    assert max(said) > min(said) > 0


def test_what_lies_in_the_ring_at_the_stop_is_delivered_and_stopping_again_does_nothing(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    with watch() as recorder:
        run_programs(programs, hostname)
        recorder.monitor.stop()
        stopped_ns = time.time_ns()
        assert len(recorder.exited) == PROGRAMS + 1
        counters = recorder.monitor.counters()
        recorder.monitor.stop()
        assert recorder.monitor.counters() == counters
        assert not recorder.monitor.running
        assert recorder.monitor.delivered_until_ns < stopped_ns


def test_what_deliver_raises_ends_the_monitor_and_comes_out_of_stop(programs: str, hostname: str) -> None:
    refused = threading.Event()

    def refuse(batch: Sequence[Fact]) -> None:
        refused.set()
        raise OSError(f"{len(batch)} facts refused")

    monitor = ProcessMonitor(refuse, hostname_prefixes=[hostname])
    monitor.start()
    run_programs(programs, hostname)
    assert refused.wait(20)
    before_ns = monitor.delivered_until_ns
    run_programs(programs, hostname)
    with pytest.raises(OSError, match="facts refused"):
        monitor.stop()
    assert not monitor.running
    assert monitor.delivered_until_ns == before_ns
