"""What a save costs the processor, each way on a file system of its own, by turns of a second.

So whatever slows the machine down for a while slows all of them down, and none has another beside it at work.
"""

from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from bench.watching.ground import Ground, mounted
from bench.watching.pace import MICROSECONDS
from bench.watching.start import PEERS
from bench.watching.watchers import Watcher, watching

ROUNDS = 11
SAVES = 2_000
PER_SECOND = 2_000


class Turn(NamedTuple):
    """One way, and where it watches."""

    ground: Ground
    watcher: Watcher

    def cost_us(self) -> float:
        """Save for a second; give the time of a processor that each save took."""
        self.watcher.heard_ns(self.ground.scratch)
        before = self.watcher.figures()["cpu_seconds"]
        self.ground.save(SAVES, PER_SECOND)
        after = self.watcher.settled(SAVES)["cpu_seconds"]
        return (after - before) * MICROSECONDS / SAVES


def measure(ground: Ground) -> dict[str, float]:
    """Medians of the rounds; the ratio's is of those of each round."""
    with ExitStack() as running:
        turns = {prefix: begun(ground, way, running) for way, prefix in PEERS}
        rounds = [{prefix: turn.cost_us() for prefix, turn in turns.items()} for _ in range(ROUNDS)]
    figures = {f"{prefix}cpu_us_per_save": median(one[prefix] for one in rounds) for prefix in turns}
    ratios = [one[""] / one["watchdog_"] for one in rounds]
    return figures | {
        "cpu_over_watchdog": median(ratios),
        "cpu_over_watchdog_least": min(ratios),
        "cpu_over_watchdog_most": max(ratios),
    }


def begun(ground: Ground, way: str, running: ExitStack) -> Turn:
    own = ground._replace(root=running.enter_context(mounted(ground.scratch / way)))
    root = own.workspace()
    watcher = running.enter_context(watching(way, root, root / "w0"))
    watcher.idle(ground.scratch)
    return Turn(own, watcher)
