"""How long until what is known is right again, after the kernel's queue was full."""

import time

from bench.watching.ground import FILES, Ground
from bench.watching.watchers import NEVER, watching

SAVES = FILES
WAYS = (("ours_short_queue", ""), ("watchdog", "watchdog_"), ("watchfiles", "watchfiles_"))
NANOSECONDS = 1e9


def measure(ground: Ground) -> dict[str, float]:
    """60,000 files are saved while the watcher is held; each queue holds 16,384 events."""
    figures: dict[str, float] = {}
    root = ground.workspace()
    for way, prefix in WAYS:
        with watching(way, root, root / "w0") as watcher:
            watcher.idle(ground.scratch)
            with watcher.held():
                ground.save(SAVES)
                let_go_ns = time.monotonic_ns()
            watcher.settled(NEVER)
            heard_ns = watcher.heard_ns(ground.scratch)
        figures[f"{prefix}wrong_after_overflow"] = SAVES - len(heard_ns)
        if len(heard_ns) == SAVES:
            figures[f"{prefix}right_again_after_overflow_s"] = (
                max(heard_ns.values()) - let_go_ns
            ) / NANOSECONDS
    return figures
