"""Process tracing: ours beside nothing, a bpftrace script with the same hooks, and forkstat, in one run."""

import os

from bench.tracing import (
    agent_pace,
    cpu_cost,
    kernel_cost,
    latency,
    lifecycle_pace,
    saturation,
    slowdown,
)
from bench.tracing.ground import ground
from bench.tracing.table import table

PARTS = (kernel_cost, slowdown, saturation, cpu_cost, latency, lifecycle_pace, agent_pace)


def measure() -> dict[str, float]:
    """Some four minutes. `machine_load` is what else ran before: above 0.5 the ratios, too, are rough."""
    figures: dict[str, float] = {"machine_load": os.getloadavg()[0] / (os.cpu_count() or 1)}
    with ground() as here:
        for part in PARTS:
            print(f"· {part.__doc__}".splitlines()[0], flush=True)
            figures |= part.measure(here)
    print(table(figures))
    return figures
