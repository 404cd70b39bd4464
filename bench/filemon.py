"""File watching: ours, which also reads what was saved, beside watchdog, watchfiles and inotifywait."""

import os

from bench.watching import cost, overflow, pace, start, workspaces
from bench.watching.ground import ground
from bench.watching.table import table

PARTS = (cost, pace, overflow, start, workspaces)


def measure() -> dict[str, float]:
    """Some four minutes. `machine_load` is what else ran before: above 0.5 the ratios, too, are rough."""
    figures: dict[str, float] = {"machine_load": os.getloadavg()[0] / (os.cpu_count() or 1)}
    with ground() as here:
        for part in PARTS:
            print(f"· {part.__doc__}".splitlines()[0], flush=True)
            figures |= part.measure(here)
    print(table(figures))
    return figures
