"""What one exec and one exit cost in the kernel, by who traces them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from statistics import median

from bench.tracing.ground import Ground
from bench.tracing.kernel_time import Attached, statistics
from bench.tracing.tracers import Ours, Peer

HOOKS = ("sched_process_exec", "sched_process_exit")
SLICES = 60
"""Short ones, of which the median counts: what else the machine does falls on a few of them."""
EXECS_OF_A_SLICE = 300


def measure(ground: Ground) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, start in (
        ("", ground.accepting),
        ("rejected_", ground.rejecting),
        ("bpftrace_", ground.bpftrace),
    ):
        on_exec, on_exit = costs(ground, start)
        figures |= {
            f"{name}exec_ns": on_exec,
            f"{name}exit_ns": on_exit,
            f"{name}exec_exit_ns": on_exec + on_exit,
        }
    figures["exec_exit_over_bpftrace"] = figures["exec_exit_ns"] / figures["bpftrace_exec_exit_ns"]
    return figures


def costs(ground: Ground, start: Callable[[], AbstractContextManager[Ours | Peer]]) -> list[float]:
    """Trace tight loops, and give the median nanoseconds of a run on each hook."""
    means: dict[str, list[float]] = {hook: [] for hook in HOOKS}
    with start() as tracer, statistics():
        attached = Attached(tracer.pid)
        for _ in range(SLICES):
            before = {hook: attached.runs_on(hook) for hook in HOOKS}
            ground.loop.run(ground.hostname, EXECS_OF_A_SLICE, cpu=0)
            for hook in HOOKS:
                means[hook].append(attached.runs_on(hook).mean_since(before[hook]))
    return [median(means[hook]) for hook in HOOKS]
