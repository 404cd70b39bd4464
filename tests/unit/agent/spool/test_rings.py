from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.reporting.draft import POSITION, Draft, Reading
from jcode_watcher.agent.spool import Rings, Spool
from jcode_watcher.agent.spool.rings import LATE_NS, TOLD_MAX
from jcode_watcher.events.monitor import MonitorStopped
from jcode_watcher.procmon import Cut, Progress

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000
RING, NEXT, THIRD = "boot 7", "boot 8", "boot 9"
CUT = Cut(1, 2, 3)


def at(position: int, ring: str = RING) -> Reading:
    return Reading(ring, POSITION, position)


class Bench:
    """A spool that keeps what is told of rings."""

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.rings = Rings(store.database, store.reserve)
        self.spool = Spool(store.database, "a1", "n1", store.level, self.rings)

    def keep(self, *readings: Reading | None, reason: str = "") -> None:
        self.spool.keep([Draft(AT, None, MonitorStopped(reason=reason), reading=r) for r in readings], AT)

    def left(self) -> list[Progress]:
        """Give what another start finds."""
        return [*Rings(self.store.database).left()]

    def positions(self) -> dict[str, int]:
        return {progress.ring: progress.position for progress in self.left()}


@pytest.fixture
def bench(stores: "Stores") -> Bench:
    return Bench(stores.open())


def test_a_ring_that_was_never_begun_is_not_known(bench: Bench) -> None:
    assert bench.left() == []


def test_what_is_told_is_known_after_it_was_kept(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(at(80), None, Reading(RING, "ring_full", 3), at(160))

    assert bench.rings.position == 160
    assert bench.left() == [Progress(RING, 160, {"ring_full": 3}, AT - LATE_NS)]


def test_what_did_not_reach_the_disk_is_not_told_nor_given_back(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(at(80))
    bench.store.database.execute("BEGIN")
    bench.rings.keep([at(160)])
    bench.store.database.execute("ROLLBACK")

    assert bench.rings.position == 80
    assert bench.positions() == {RING: 80}


def test_a_start_that_goes_on_knows_it_and_one_that_begins_forgets_it(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(at(80), Reading(RING, "ring_full", 3))
    bench.rings.go_on()
    bench.keep(None)
    assert bench.positions() == {RING: 80}

    bench.rings.begin(NEXT)
    assert bench.left() == []
    bench.keep(None)
    assert bench.left() == [Progress(NEXT, 0, {}, AT - LATE_NS)]
    bench.rings.begin("")
    assert bench.left() == []


def test_a_ring_that_is_begun_is_known_only_with_the_first_events_of_the_start_that_began_it(
    bench: Bench,
) -> None:
    bench.rings.begin(RING)
    assert bench.left() == []
    bench.keep(None)
    assert bench.positions() == {RING: 0}


def test_rings_that_follow_each_other_are_known_until_something_of_a_later_one_is_kept(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(at(80), Reading(RING, "ring_full", 3))
    bench.rings.succeed(NEXT, CUT)
    bench.rings.succeed(THIRD, Cut(4, 5, 6))
    assert bench.left() == [
        Progress(RING, 80, {"ring_full": 3}, AT - LATE_NS, CUT),
        Progress(NEXT, 0, {}, AT - LATE_NS, Cut(4, 5, 6)),
        Progress(THIRD, 0, {}, AT - LATE_NS),
    ]

    bench.keep(at(160), Reading(RING, "ring_full", 4), None)
    assert bench.positions() == {RING: 160, NEXT: 0, THIRD: 0}
    assert bench.left()[0].told == {"ring_full": 4}
    assert bench.rings.position == 0
    bench.keep(at(8, NEXT))
    assert bench.positions() == {NEXT: 8, THIRD: 0}
    bench.keep(at(16, NEXT), at(24, THIRD))
    assert bench.left() == [Progress(THIRD, 24, {}, AT - LATE_NS)]
    assert bench.rings.position == 24
    assert bench.store.database.execute("SELECT COUNT(*) FROM ring_losses").fetchone() == (0,)


def test_a_start_that_goes_on_with_several_rings_gives_back_the_latest(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(None)
    bench.rings.succeed(NEXT, CUT)
    rings = Rings(bench.store.database)
    rings.go_on()
    rings.note([at(80)])
    assert rings.position == 0
    rings.note([at(8, NEXT)])
    assert rings.position == 8


def test_without_a_ring_nothing_is_noted(bench: Bench) -> None:
    bench.rings.begin("")
    bench.keep(at(80))
    assert bench.rings.position == 0
    assert bench.left() == []


def test_what_a_full_spool_dropped_is_given_back_and_not_read_again(stores: "Stores") -> None:
    bench = Bench(stores.open(bytes_max=256 * 1024))
    bench.rings.begin(RING)
    position = 0
    while not bench.spool.full:
        position += 8
        bench.keep(at(position), reason="x" * 10_000)

    assert bench.rings.position == position
    while events := bench.store.outbox.oldest(100, 1 << 20):
        bench.store.outbox.settle(events, {})
    bench.keep(None)
    assert bench.positions() == {RING: position}


def test_no_more_counters_are_remembered_than_fit(bench: Bench) -> None:
    bench.rings.begin(RING)
    bench.keep(at(8))
    for first in range(0, TOLD_MAX + 500, 500):
        numbers = range(first, first + 500)
        bench.keep(*(Reading(RING, f"rate_limited {number} 0", 1) for number in numbers))

    (progress,) = bench.left()
    assert progress.position == 8
    assert len(progress.told) <= TOLD_MAX
    assert f"rate_limited {TOLD_MAX} 0" in progress.told
