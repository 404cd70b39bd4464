"""A storm in one container costs only that container's own detail, and what it costs is told exactly."""

import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Lost

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import MakeContainer, Watch

pytestmark = pytest.mark.kernel

STORM = 600
LIMIT = 50
CALM = 10


def test_a_storm_in_one_container_takes_nothing_from_another(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    noisy, calm = make_container("-noisy"), make_container("-calm")
    storm = ["all", str(STORM), "exit", "0"]
    with watch(container_execs_per_second=LIMIT) as recorder:
        with subprocess.Popen(noisy.command(noisy.programs, *storm), stdout=subprocess.DEVNULL) as storming:
            for _ in range(CALM):
                calm.run("/bin/true")
            assert storming.wait() == 0
        recorder.catch_up()
        recorder.wait_for(lambda r: any(isinstance(fact, Lost) for fact in r.facts))
    counters = recorder.monitor.counters()
    lost = [fact for fact in recorder.facts if isinstance(fact, Lost)]
    whose = [fact.pinned_hostname for fact in recorder.executed]
    whose += [fact.pinned_hostname for fact in recorder.exited]
    told = whose.count(noisy.hostname.encode())
    assert {(fact.stage, fact.reason) for fact in lost} == {("kernel", "rate_limited")}
    assert {fact.hostname.decode() for fact in lost} == {noisy.hostname}
    assert {fact.cgroup_path for fact in lost} == {f"/{noisy.cgroup.name}".encode()}
    assert sum(fact.count for fact in lost) == counters.rate_limited > 0
    assert counters.seen == counters.filtered + counters.submitted + counters.dropped
    # Its entry: an exec of the program that enters and one of the storm's; an end; and those of the storm.
    assert told + counters.rate_limited == 2 * STORM + 2
    assert 2 * LIMIT <= told < 2 * STORM
    assert len([fact for fact in recorder.exited if fact.pinned_hostname.endswith(b"-calm")]) == CALM


def test_the_end_is_told_of_just_those_whose_exec_was_told(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    with watch(container_execs_per_second=LIMIT) as recorder:
        with subprocess.Popen(
            container.command(container.programs, "all", str(STORM), "exit", "0"), stdout=subprocess.DEVNULL
        ) as storming:
            assert storming.wait() == 0
        recorder.catch_up()
    begun = {(fact.pid, fact.start_boot_ns) for fact in recorder.executed}
    assert begun == {(fact.pid, fact.start_boot_ns) for fact in recorder.exited}
    assert recorder.monitor.counters().rate_limited > 0


def test_what_was_suppressed_of_a_container_that_is_gone_is_still_told(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    with watch(container_execs_per_second=1) as recorder:
        container.run(container.programs, "all", "50", "exit", "0")
        container.remove()
        recorder.wait_for(lambda r: any(isinstance(fact, Lost) for fact in r.facts))
        until = time.monotonic() + 20
        while recorder.monitor._opened and list(recorder.monitor._opened.kernel.buckets):
            assert time.monotonic() < until
            time.sleep(0.01)  # Nothing announces it.
    lost = [fact for fact in recorder.facts if isinstance(fact, Lost)]
    assert sum(fact.count for fact in lost) == recorder.monitor.counters().rate_limited
    assert {fact.hostname.decode() for fact in lost} == {container.hostname}


def test_no_limit_suppresses_nothing(make_container: "MakeContainer", watch: "Watch") -> None:
    container = make_container()
    with watch(container_execs_per_second=0) as recorder:
        container.run(container.programs, "all", str(STORM), "exit", "0")
        recorder.catch_up()
    assert recorder.monitor.counters().rate_limited == 0
    assert len(recorder.exited) == STORM + 1
