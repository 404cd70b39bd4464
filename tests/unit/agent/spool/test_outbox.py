from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool import outbox
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000


def keep(store: "Store", count: int, letters: int = 0) -> None:
    store.spool.keep([Draft(AT, None, MonitorStopped(reason="x" * letters))] * count, AT)


def test_the_oldest_come_first_up_to_either_limit(stores: "Stores") -> None:
    store = stores.open()
    keep(store, 10, letters=1_000)

    assert [event.id for event in store.outbox.oldest(3, 1 << 20)] == ["a1.1", "a1.2", "a1.3"]
    assert len(store.outbox.oldest(10, 3_000)) == 2


def test_an_event_larger_than_the_limit_comes_alone(stores: "Stores") -> None:
    store = stores.open()
    keep(store, 2, letters=5_000)

    assert len(store.outbox.oldest(10, 100)) == 1


def test_settled_events_leave_and_refused_ones_are_set_aside_with_the_reason(stores: "Stores") -> None:
    store = stores.open()
    keep(store, 3)
    events = store.outbox.oldest(3, 1 << 20)

    store.outbox.settle(events[:2], {events[1].position: "kind: bad"})

    assert [event.id for event in store.outbox.oldest(9, 1 << 20)] == ["a1.3"]
    aside = store.database.execute("SELECT id, reason, json FROM quarantine").fetchall()
    assert aside == [("a1.2", "kind: bad", events[1].json)]
    assert store.level.events == 1


def test_what_is_set_aside_is_bounded_and_the_newest_stay(
    stores: "Stores", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "QUARANTINE_EVENTS_MAX", 5)
    store = stores.open()
    keep(store, 8)
    events = store.outbox.oldest(8, 1 << 20)

    store.outbox.settle(events, {event.position: "bad" for event in events})

    aside = store.database.execute("SELECT id FROM quarantine ORDER BY position").fetchall()
    assert aside == [(f"a1.{number}",) for number in range(4, 9)]


def test_the_level_is_found_again_at_the_next_start(stores: "Stores") -> None:
    first = stores.open("a1")
    keep(first, 4)

    second = stores.open("a2")

    assert (second.level.events, second.level.bytes) == (4, first.level.bytes)
