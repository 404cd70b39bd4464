"""While one container begins programs as fast as the machine can, another's come all, and soon."""

import math
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed, Fact, Lost

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import MakeContainer, Watch

pytestmark = pytest.mark.kernel

SECONDS = 60 if os.environ.get("JCODE_WATCHER_LONG_TESTS") else 6
CALM_PER_SECOND = 10
DELAY_SECONDS_MAX = 0.25


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[math.ceil(share * len(values)) - 1]


def test_ten_programs_a_second_beside_a_storm_come_all_and_within_a_quarter_of_a_second(
    make_container: "MakeContainer", watch: "Watch", nothing: str
) -> None:
    stormy, calm = make_container("-stormy"), make_container("-calm")
    delays: dict[str, list[float]] = {stormy.hostname: [], calm.hostname: []}

    def note(batch: Sequence[Fact]) -> None:
        now_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        for fact in batch:
            if isinstance(fact, Executed) and fact.argv == (nothing.encode(),):
                delays[fact.pinned_hostname.decode()].append((now_ns - fact.boot_ns) / 1e9)

    command = stormy.command(stormy.programs, "storm", str(SECONDS * 1_000), nothing)
    pace = threading.Event()
    with watch() as recorder:
        recorder.on_batch = note
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as storming:
            begun = 0
            while storming.poll() is None:
                calm.run(nothing)
                begun += 1
                pace.wait(1 / CALM_PER_SECOND)
            assert storming.stdout is not None
            stormed = int(storming.stdout.read())
        recorder.catch_up()
        # On a busy machine the storm may stay within its allowance.
        suppressed = recorder.monitor.counters().rate_limited
        recorder.wait_for(lambda r: sum(fact.count for fact in r.of_kind(Lost)) >= suppressed)
    counters = recorder.monitor.counters()
    p99 = percentile(delays[calm.hostname], 0.99)
    print(
        f"storm {stormed / SECONDS:.0f}/s; {begun} beside it, p50 "
        f"{percentile(delays[calm.hostname], 0.5) * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms; "
        f"storm told {len(delays[stormy.hostname])}, suppressed {counters.rate_limited}",
    )
    assert len(delays[calm.hostname]) == begun
    assert p99 <= DELAY_SECONDS_MAX
    # All that is missing is the storm's, and it is told whose it was.
    assert counters.dropped_ring_full == counters.missed == 0
    assert {fact.hostname.decode() for fact in recorder.of_kind(Lost)} <= {stormy.hostname}
    assert sum(fact.count for fact in recorder.of_kind(Lost)) == counters.rate_limited
