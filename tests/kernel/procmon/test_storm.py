"""While one container begins programs as fast as the machine can, another's come all, and soon."""

import math
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import pytest

from jcode_watcher.procmon import Executed, Fact, Lost

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import MakeContainer, Watch

pytestmark = pytest.mark.kernel

SECONDS = 60 if os.environ.get("JCODE_WATCHER_LONG_TESTS") else 6
CALM_PER_SECOND = 10
DELAY_SECONDS_MAX = 0.25
STEP_SECONDS = 0.005


class Peer(threading.Thread):
    """Only sleeps, in short steps: it wakes as late as this machine lets anybody run beside the storm."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.late_seconds = 0.0
        """At most."""
        self._ended = threading.Event()

    def run(self) -> None:
        before = time.monotonic()
        while not self._ended.wait(STEP_SECONDS):
            now = time.monotonic()
            self.late_seconds = max(self.late_seconds, now - before - STEP_SECONDS)
            before = now

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()


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
    with watch() as recorder, Peer() as peer:
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
        f"{percentile(delays[calm.hostname], 0.5) * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, "
        f"a peer that only sleeps {peer.late_seconds * 1e3:.1f} ms at most; "
        f"storm told {len(delays[stormy.hostname])}, suppressed {counters.rate_limited}",
    )
    assert len(delays[calm.hostname]) == begun
    # Where others have the processors, nobody is served sooner than they let him.
    assert p99 <= DELAY_SECONDS_MAX + peer.late_seconds
    # All that is missing is the storm's, and it is told whose it was.
    assert counters.dropped_ring_full == counters.missed == 0
    assert {fact.hostname.decode() for fact in recorder.of_kind(Lost)} <= {stormy.hostname}
    assert sum(fact.count for fact in recorder.of_kind(Lost)) == counters.rate_limited
