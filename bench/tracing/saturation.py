"""What is lost while every core executes programs as fast as it can."""

import os
import time

from bench.tracing.exec_loop import events_of
from bench.tracing.ground import Ground
from bench.tracing.tracers import wait_until_quiet

EXECS_OF_A_CORE = 30_000
CORES = os.cpu_count() or 1


def measure(ground: Ground) -> dict[str, float]:
    """What was made and did not arrive: of ours events, of the peers execs, as their exits have no names."""
    lost, per_second = lost_by_ours(ground)
    return {
        "saturation_execs": EXECS_OF_A_CORE * CORES,
        "saturation_events_per_second": per_second,
        "lost_at_saturation": lost,
        "bpftrace_lost_execs_at_saturation": lost_by_bpftrace(ground),
        "forkstat_lost_execs_at_saturation": lost_by_forkstat(ground),
    }


def lost_by_ours(ground: Ground) -> tuple[int, float]:
    """Also give how many events a second were made."""
    made = events_of(EXECS_OF_A_CORE, CORES)
    with ground.accepting() as tracer:
        before = tracer.figures()["received"]
        seconds = saturate(ground)
        received = tracer.figures_at(before + made)["received"] - before
    return made - received, made / seconds


def lost_by_bpftrace(ground: Ground) -> int:
    with ground.bpftrace() as tracer:
        saturate(ground)
        wait_until_quiet(tracer)
    seen = sum(line.startswith(b"EXEC") and b" nothing " in line for line in tracer.output.open("rb"))
    return EXECS_OF_A_CORE * CORES - seen


def lost_by_forkstat(ground: Ground) -> int:
    """It looks programs up after the event, when these are gone, so each exec it tells counts as seen."""
    with ground.forkstat() as tracer:
        saturate(ground)
        wait_until_quiet(tracer)
    seen = sum(b" exec " in line for line in tracer.output.open("rb"))
    return max(0, EXECS_OF_A_CORE * CORES - seen)


def saturate(ground: Ground) -> float:
    """Keep every core busy; give the seconds it took."""
    began = time.monotonic()
    ground.loop.run(ground.hostname, EXECS_OF_A_CORE, workers=CORES)
    return time.monotonic() - began
