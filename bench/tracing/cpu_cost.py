"""What user space spends on 10,000 events at a steady pace."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from bench.tracing.ground import Ground
from bench.tracing.tracers import Ours, Peer

EXECS = 20_000
PER_SECOND = 4_000
EVENTS = 2 * EXECS
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def measure(ground: Ground) -> dict[str, float]:
    figures = {}
    for name, start in (
        ("", ground.accepting),
        ("bpftrace_", ground.bpftrace),
        ("forkstat_", ground.forkstat),
    ):
        user, system = seconds_used(ground, start)
        figures[f"{name}user_cpu_ms_per_10k_events"] = user * 1000 * 10_000 / EVENTS
        figures[f"{name}system_cpu_ms_per_10k_events"] = system * 1000 * 10_000 / EVENTS
    return figures


def seconds_used(
    ground: Ground, start: Callable[[], AbstractContextManager[Ours | Peer]]
) -> tuple[float, float]:
    """Give the seconds in user space and in the kernel that a tracer took for the load."""
    with start() as tracer:
        before = times(tracer.pid)
        ground.loop.run(ground.hostname, EXECS, per_second=PER_SECOND)
        after = times(tracer.pid)
    return after[0] - before[0], after[1] - before[1]


def times(pid: int) -> tuple[float, float]:
    """Read proc_pid_stat(5), fields 14 and 15; the name before them may hold anything."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / TICKS_PER_SECOND, int(fields[12]) / TICKS_PER_SECOND
