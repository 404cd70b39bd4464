"""The highest pace at which the lifecycle monitor prints every event."""

import subprocess
import time
from typing import NamedTuple

from bench.tracing.exec_loop import events_of
from bench.tracing.ground import Ground
from bench.tracing.our_programs import lifecycle
from bench.tracing.ours import resident_mb

EXECS = 60_000
FULL_SPEED = 0
PACES = (FULL_SPEED, 15_000, 11_000, 8_000, 5_000)
"""Execs a second, fastest first; each makes two events."""


class Outcome(NamedTuple):
    events_per_second: float
    lost: int
    rss_mb: float


def measure(ground: Ground) -> dict[str, float]:
    """Go down from the fastest pace to the first without loss; without one, tell of the slowest."""
    for pace in PACES:
        outcome = trace_at(ground, pace)
        if not outcome.lost or time.monotonic() > ground.until:
            break
    return {
        "lifecycle_events_per_second": outcome.events_per_second,
        "lifecycle_lost": outcome.lost,
        f"lifecycle_rss_mb_after_{events_of(EXECS) // 1000}k": outcome.rss_mb,
    }


def trace_at(ground: Ground, pace: int) -> Outcome:
    """Count the lines that another process reads; without READY they are the events."""
    made = events_of(EXECS)
    with subprocess.Popen(["wc", "-l"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as counting:
        assert counting.stdin
        assert counting.stdout
        with lifecycle(ground.folder, ground.hostname, lines=counting.stdin.fileno()) as monitor:
            counting.stdin.close()
            began = time.monotonic()
            ground.loop.run(ground.hostname, EXECS, per_second=pace)
            _, ended = monitor.wait_for(made, "jcode_watcher_lifecycle_events_total")
            rss_mb = resident_mb(monitor.process.pid)
        lines = int(counting.stdout.read())
    return Outcome(made / (ended - began), made - (lines - 1), rss_mb)
