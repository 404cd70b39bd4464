"""Every record is counted at each stage, and once all is quiet the counts agree, whatever was lost."""

import os
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed, Exited, Fact, Lost

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Recorder, Watch

SECONDS = 600 if os.environ.get("JCODE_WATCHER_LONG_TESTS") else 10
pytestmark = [pytest.mark.kernel, pytest.mark.timeout(SECONDS + 120)]

SEED = 4_096
RING_BYTES = 1 << 16
STALLS_MAX = 0.1
"""In seconds: with the quarter of a second between two looks, a loss is told long before one has gone by."""
TOLD_SECONDS_MAX = 1


class Stalls:
    """A consumer that at times does not come back for a while, and only counts: ten minutes are much."""

    def __init__(self, recorder: "Recorder") -> None:
        self.told_seconds: list[float] = []
        self.count = 0
        self.delivered = 0
        self.lost: Counter[str] = Counter()
        self._recorder = recorder
        self._chosen = random.Random(SEED)
        self._never = threading.Event()

    def __call__(self, batch: Sequence[Fact]) -> None:
        now_ns = time.time_ns()
        self._recorder.facts.clear()
        self._recorder.batches.clear()
        for fact in batch:
            if isinstance(fact, Lost):
                # From the earliest moment at which the first of it can have been lost.
                self.told_seconds.append((now_ns - fact.since_ns) / 1e9)
                self.lost[fact.reason] += fact.count
        self.delivered += sum(isinstance(fact, Executed | Exited) for fact in batch)
        if self._chosen.random() < 0.1:
            self.count += 1
            self._never.wait(self._chosen.uniform(0, STALLS_MAX))


# So little that a busy machine, too, is beyond it.
@pytest.mark.parametrize("limit", [0, 200], ids=["no allowance", "with an allowance"])
def test_after_a_storm_before_a_consumer_that_stalls_every_count_agrees_and_each_loss_was_told_in_a_second(
    hostname: str, programs: str, nothing: str, watch: "Watch", limit: int
) -> None:
    command = [programs, "in", hostname, programs, "storm", str(SECONDS * 1_000 // 2), nothing]
    with watch(ring_bytes=RING_BYTES, container_execs_per_second=limit) as recorder:
        recorder.on_batch = stalls = Stalls(recorder)
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        recorder.catch_up()
        counters = recorder.monitor.counters()
        recorder.wait_for(lambda _: stalls.lost.total() == counters.dropped)
    print(
        f"{int(said.stdout)} programs, {stalls.count} stalls; {counters}; told after "
        f"{max(stalls.told_seconds):.3f} s at most",
    )
    # In the kernel.
    assert counters.seen == (
        counters.filtered + counters.submitted + counters.dropped_ring_full + counters.rate_limited
    )
    assert counters.dropped_ring_full > 0
    assert (counters.rate_limited > 0) == (limit > 0)
    # From the kernel to whoever wants it.
    assert counters.submitted == counters.received
    assert counters.received == counters.decoded + counters.refused
    assert counters.decoded - counters.unmatched == counters.delivered
    assert counters.refused == counters.missed == 0
    assert stalls.delivered == counters.delivered
    # Of what truly happened, the exec and the end of each program and of what began them, only
    # that is missing which was told to be.
    assert stalls.lost["ring_full"] == counters.dropped_ring_full
    assert stalls.lost["rate_limited"] == counters.rate_limited
    assert stalls.delivered + stalls.lost.total() == 2 * int(said.stdout) + 2
    assert max(stalls.told_seconds) < TOLD_SECONDS_MAX
