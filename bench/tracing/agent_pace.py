"""How fast the agent brings events into its spool, and what it weighs after many."""

import os
import time

from bench.tracing.exec_loop import events_of
from bench.tracing.ground import Ground
from bench.tracing.our_programs import Program, agent
from bench.tracing.ours import resident_mb

EVENTS = int(os.environ.get("BENCH_EVENTS", "1_000_000"))
EXECS_OF_A_BURST = 4_000
ON_THEIR_WAY_MAX = 10_000
"""Events: then the load waits, or the ring's size would be measured in place of the agent's pace."""
WARM_EVENTS = 100_000
KEPT = ("jcode_watcher_agent_events_total", 'kind="process.')


def measure(ground: Ground) -> dict[str, float]:
    """Burst after burst at full speed, as fast as the agent keeps up; each event is synced to disk.

    It ends with the time of the whole measurement at the latest; then the figures are named after the events
    that there really were.
    """
    made, warm_mb = 0, 0.0
    with agent(ground.folder / "agent", ground.hostname) as running:
        began, start_mb = time.monotonic(), resident_mb(running.process.pid)
        while made < EVENTS and time.monotonic() < ground.until:
            ground.loop.run(ground.hostname, EXECS_OF_A_BURST)
            made += events_of(EXECS_OF_A_BURST)
            running.wait_for(made - ON_THEIR_WAY_MAX, *KEPT)
            if not warm_mb and made >= WARM_EVENTS:
                warm_mb = resident_mb(running.process.pid)
        kept, ended = running.wait_for(made, *KEPT)
        resident = {"rss_mb_at_start": start_mb} | ({"rss_mb_after_100k": warm_mb} if warm_mb else {})
        return resident | figures(running, made, kept, ended - began)


def figures(running: Program, made: int, kept: int, seconds: float) -> dict[str, float]:
    after = "million" if made >= 1_000_000 else f"{made // 1000}k"
    return {
        "agent_events": made,
        "agent_events_per_second": kept / seconds,
        "agent_lost": made - kept,
        f"rss_mb_after_{after}": resident_mb(running.process.pid),
    }
