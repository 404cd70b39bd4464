"""How much longer a tight loop takes while somebody traces it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from statistics import median, quantiles

from bench.tracing.ground import Ground

ROUNDS = 9
EXECS = 6_000
BATCH = 25
"""Short enough to run through, now and then, without anything else on the core."""
CPU = 0
"""The loop stays on one core, or its wandering would be most of the noise; tracers go where they like."""

Ways = Mapping[str, Callable[[], AbstractContextManager[object]]]


def measure(ground: Ground) -> dict[str, float]:
    """How much longer than untraced, as a share; and the noise of that.

    The ways take turns, each between two untraced loops, so that the machine's other work falls on all
    alike. A loop's value is the lower quartile of its batches (the rest was interrupted by something else), a
    way's the median over the rounds. Noise is the median difference of the two untraced loops.
    """
    ways: Ways = {
        "loop_slowdown_rejected": ground.rejecting,
        "loop_slowdown_accepted": ground.accepting,
        "bpftrace_loop_slowdown": ground.bpftrace,
        "forkstat_loop_slowdown": ground.forkstat,
    }
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    untraced: list[float] = []
    noise: list[float] = []
    for _ in range(ROUNDS):
        for name, start in ways.items():
            before = exec_us(ground)
            with start():
                traced = exec_us(ground)
            after = exec_us(ground)
            ratios[name].append(traced / ((before + after) / 2) - 1)
            noise.append(abs(after / before - 1))
            untraced += [before, after]
    slowdowns = {name: median(found) for name, found in ratios.items()}
    return {"loop_us_per_exec": median(untraced), "loop_noise": median(noise)} | slowdowns


def exec_us(ground: Ground) -> float:
    """Microseconds of one vfork, exec, exit and wait."""
    batches = ground.loop.run(ground.hostname, EXECS, batch=BATCH, cpu=CPU)
    return quantiles(batches, n=4)[0] / BATCH / 1000
