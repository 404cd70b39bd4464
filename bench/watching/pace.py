"""What is lost, what a save costs each way alone and how soon it is told, at several paces."""

from statistics import quantiles

from bench.watching.ground import Ground
from bench.watching.start import PEERS
from bench.watching.watchers import Watcher, watching

PACES = ((100, 300), (2_000, 10_000), (20_000, 40_000))
"""Saves a second, and saves."""
BURST = 60_000
MICROSECONDS = 1e6
NS_OF_A_MS = 1e6


def measure(ground: Ground) -> dict[str, float]:
    """The same 60,000 existing files, each saved at most once a round."""
    figures: dict[str, float] = {}
    root = ground.workspace()
    for way, prefix in PEERS:
        with watching(way, root, root / "w0") as watcher:
            watcher.idle(ground.scratch)
            for per_second, saves in PACES:
                figures |= named(prefix, f"_{per_second}", round_of(ground, watcher, saves, per_second))
            burst = round_of(ground, watcher, BURST, 0)
            figures |= named(prefix, f"_burst_{BURST}", burst)
        figures[f"{prefix}lost_{PACES[-1][0]}_per_second"] = figures.pop(f"{prefix}lost_{PACES[-1][0]}")
    return figures


def round_of(ground: Ground, watcher: Watcher, saves: int, per_second: int) -> dict[str, float]:
    watcher.heard_ns(ground.scratch)
    before = watcher.figures()
    closed_ns = ground.save(saves, per_second)
    after = watcher.settled(saves)
    heard_ns = watcher.heard_ns(ground.scratch)
    found = {
        "saves_per_second": (len(closed_ns) - 1) * 1e9 / (closed_ns[-1] - closed_ns[0]),
        "lost": saves - len(heard_ns),
        "cpu_us_per_save": (after["cpu_seconds"] - before["cpu_seconds"]) * MICROSECONDS / saves,
    }
    late_ms = [(ns - closed_ns[n]) / NS_OF_A_MS for n, ns in heard_ns.items()]
    if len(late_ms) > 1:
        hundredths = quantiles(late_ms, n=100)
        found |= {"latency_ms_p50": hundredths[49], "latency_ms_p99": hundredths[98]}
    return found


def named(prefix: str, suffix: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}{name}{suffix}": value for name, value in figures.items()}
