"""A process of many threads ends once, and not before the last of them."""

import subprocess
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Watch

pytestmark = pytest.mark.kernel

PROCESSES = 1_000
THREADS = 8


def test_a_thousand_processes_of_eight_threads_end_once_and_after_their_last_thread(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    command = [programs, "in", hostname, programs, "crowd", str(PROCESSES)]
    with watch(container_execs_per_second=0) as recorder:
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        recorder.catch_up()
        counters = recorder.monitor.counters()
    lines = [line.split() for line in said.splitlines()]
    processes = {int(pid): int(status) for kind, pid, status, *_ in lines if kind == "process"}
    last_ns: dict[int, int] = defaultdict(int)
    leaders_ns: dict[int, int] = {}
    for _, pid, thread, ended_ns in (line for line in lines if line[0] == "thread"):
        last_ns[int(pid)] = max(last_ns[int(pid)], int(ended_ns))
        if pid == thread:
            leaders_ns[int(pid)] = int(ended_ns)
    assert len(lines) == PROCESSES * (1 + THREADS)
    assert set(processes.values()) == {0}
    assert len(processes) == len(leaders_ns) == PROCESSES
    # In many of them the leader had gone before; how many is up to the scheduler.
    assert sum(leaders_ns[pid] < last_ns[pid] for pid in processes) > PROCESSES // 10

    ends = [fact for fact in recorder.exited if fact.pid in processes]
    assert Counter(fact.pid for fact in ends) == dict.fromkeys(processes, 1)
    assert [fact for fact in ends if fact.boot_ns < last_ns[fact.pid]] == []
    # Of a thread nothing is told as of a process; the one besides is what began them.
    assert len(recorder.exited) == PROCESSES + 1
    assert counters.dropped == counters.refused == counters.missed == 0
