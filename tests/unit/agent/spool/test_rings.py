from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.reporting.draft import POSITION, Draft, Reading
from jcode_watcher.agent.spool import Rings, Spool
from jcode_watcher.agent.spool.rings import LATE_NS, TOLD_MAX
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000
RING = "boot 7"


class Bench:
    """A spool that keeps what is told of a ring."""

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.rings = Rings(store.database, store.reserve)
        self.spool = Spool(store.database, "a1", "n1", store.level, self.rings)

    def keep(self, *readings: Reading | None, reason: str = "") -> None:
        self.spool.keep([Draft(AT, None, MonitorStopped(reason=reason), reading=r) for r in readings], AT)


@pytest.fixture
def bench(stores: "Stores") -> Bench:
    return Bench(stores.open())


def test_a_ring_that_was_never_begun_is_not_known(bench: Bench) -> None:
    assert bench.rings.progress(RING) is None


def test_what_is_told_is_known_after_it_was_kept(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(Reading(POSITION, 80), None, Reading("ring_full", 3), Reading(POSITION, 160))

    assert bench.rings.position == 160
    progress = Rings(bench.store.database).progress(RING)
    assert progress is not None
    assert (progress.position, progress.told) == (160, {"ring_full": 3})
    assert progress.since_ns == AT - LATE_NS


def test_what_did_not_reach_the_disk_is_not_told_nor_given_back(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(Reading(POSITION, 80))
    bench.store.database.execute("BEGIN")
    bench.rings.keep([Reading(POSITION, 160)])
    bench.store.database.execute("ROLLBACK")

    assert bench.rings.position == 80
    assert Rings(bench.store.database).progress(RING) == bench.rings.progress(RING)


def test_a_start_without_the_ring_or_with_another_forgets_it(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(Reading(POSITION, 80))
    bench.rings.begin(RING)
    bench.keep(None)
    progress = bench.rings.progress(RING)
    assert progress is not None
    assert progress.position == 80
    bench.rings.begin("")
    assert bench.rings.progress(RING) is None

    bench.rings.begin(RING)
    bench.keep(None)
    bench.rings.begin("boot 8")
    assert bench.rings.progress(RING) is None


def test_a_new_ring_is_known_only_with_the_first_events_of_the_start_that_began_it(bench: Bench) -> None:
    bench.rings.begin(RING)
    assert bench.rings.progress(RING) is None
    bench.keep(None)
    progress = bench.rings.progress(RING)
    assert progress is not None
    assert progress.position == 0


def test_without_a_ring_nothing_is_noted(bench: Bench) -> None:
    bench.rings.begin("")
    bench.keep(Reading(POSITION, 80))
    assert bench.rings.position == 0
    assert bench.store.database.execute("SELECT COUNT(*) FROM told").fetchone() == (0,)


def test_what_a_full_spool_dropped_is_given_back_and_not_read_again(stores: "Stores") -> None:
    bench = Bench(stores.open(bytes_max=256 * 1024))
    bench.rings.begin(RING)
    position = 0
    while not bench.spool.full:
        position += 8
        bench.keep(Reading(POSITION, position), reason="x" * 10_000)

    assert bench.rings.position == position
    while events := bench.store.outbox.oldest(100, 1 << 20):
        bench.store.outbox.settle(events, {})
    bench.keep(None)
    progress = bench.rings.progress(RING)
    assert progress is not None
    assert progress.position == position


def test_no_more_counters_are_remembered_than_fit(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(Reading(POSITION, 8))
    for first in range(0, TOLD_MAX + 500, 500):
        bench.keep(*(Reading(f"rate_limited {number} 0", 1) for number in range(first, first + 500)))

    progress = bench.rings.progress(RING)
    assert progress is not None
    assert progress.position == 8
    assert len(progress.told) <= TOLD_MAX
    assert f"rate_limited {TOLD_MAX} 0" in progress.told
