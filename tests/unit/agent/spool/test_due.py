"""What the snapshot tree lacks: marked with the event, whatever becomes of the event meanwhile."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool import Due, forget_due
from jcode_watcher.agent.spool.due import HELD_PART
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000
HELD_BYTES_MAX = 32 * 1024


def due_of() -> Due:
    return Due(lambda draft: isinstance(draft.body, MonitorStopped) and draft.body.reason != "other")


def keep(store: "Store", *reasons: str) -> None:
    store.spool.keep([Draft(AT, None, MonitorStopped(reason=reason)) for reason in reasons], AT)


def deliver(store: "Store", most: int = 100) -> None:
    events = store.outbox.oldest(most, 1 << 30)
    store.outbox.settle(events, {})


@pytest.fixture
def due() -> Due:
    return due_of()


@pytest.fixture
def store(stores: "Stores", due: Due) -> "Store":
    return stores.open(bytes_max=HELD_PART * HELD_BYTES_MAX, due=due)


def waiting(store: "Store", due: Due) -> list[str]:
    return due.waiting(store.database, 100)


def write_all(store: "Store", due: Due) -> list[bytes]:
    texts = []
    for event_id in waiting(store, due):
        text = due.event(store.database, event_id)
        assert text is not None
        texts.append(text)
        due.note_written(event_id)
    return texts


def test_what_is_due_waits_in_order_until_it_is_written(store: "Store", due: Due) -> None:
    keep(store, "one", "other", "two")
    keep(store, "three")

    assert waiting(store, due) == ["a1.1", "a1.3", "a1.4"]
    assert due.waiting(store.database, 2) == ["a1.1", "a1.3"]
    assert due.count(store.database) == 3
    assert [b"one" in text for text in write_all(store, due)] == [True, False, False]
    assert (waiting(store, due), due.count(store.database)) == ([], 0)
    assert sorted(due.let_go(store.database)) == ["a1.1", "a1.3", "a1.4"]
    assert due.let_go(store.database) == []


def test_what_is_not_let_go_waits_again_after_a_crash(stores: "Stores", store: "Store", due: Due) -> None:
    keep(store, "one", "two")
    due.note_written("a1.1")
    due.let_go(store.database)
    due.note_written("a1.2")

    after = due_of()

    assert waiting(stores.open("a2", due=after), after) == ["a1.2"]


def test_what_is_delivered_first_is_held_before_all_that_comes_later(store: "Store", due: Due) -> None:
    keep(store, "one", "other", "two")
    deliver(store)
    # The numbers of rows begin anew in an empty table.
    keep(store, "other", "three")

    assert waiting(store, due) == ["a1.1", "a1.3", "a1.5"]
    texts = write_all(store, due)
    assert [name for text, name in zip(texts, (b"one", b"two", b"three"), strict=True) if name in text]
    assert sorted(due.let_go(store.database)) == ["a1.1", "a1.3", "a1.5"]
    assert store.database.execute("SELECT COUNT(*) FROM held").fetchone() == (0,)
    assert due.lost == 0


def test_what_is_written_when_it_is_delivered_is_not_held(store: "Store", due: Due) -> None:
    keep(store, "one", "two")
    due.note_written("a1.1")
    deliver(store)

    assert waiting(store, due) == ["a1.2"]
    assert due.let_go(store.database) == ["a1.1"]
    assert store.database.execute("SELECT id FROM held").fetchall() == [("a1.2",)]


def test_what_is_delivered_while_it_is_being_written_is_let_go_all_the_same(store: "Store", due: Due) -> None:
    keep(store, "one")
    (event_id,) = waiting(store, due)
    assert due.event(store.database, event_id) is not None
    deliver(store)
    due.note_written(event_id)

    assert waiting(store, due) == []
    assert due.let_go(store.database) == [event_id]
    assert waiting(store, due) == []


def test_what_is_held_is_bounded_and_the_rest_is_counted(store: "Store", due: Due) -> None:
    keep(store, *("x" * 12_000 for _ in range(5)))
    deliver(store)

    assert waiting(store, due) == ["a1.1", "a1.2"]
    assert due.lost == 3
    assert store.level.events == 0
    write_all(store, due)
    due.let_go(store.database)
    keep(store, "y" * 12_000)
    deliver(store)
    assert waiting(store, due) == ["a1.6"]


def test_nothing_is_marked_of_what_finds_no_room(stores: "Stores") -> None:
    due = due_of()
    store = stores.open(bytes_max=256 * 1024, due=due)
    while not store.spool.keep([Draft(AT, None, MonitorStopped(reason="x" * 4_000))], AT):
        pass

    kept = [row[0] for row in store.database.execute("SELECT id FROM events ORDER BY position")]
    assert waiting(store, due)[:100] == kept[:100]


def test_a_full_spool_is_drained_whether_or_not_anything_is_written(stores: "Stores") -> None:
    due = due_of()
    store = stores.open(bytes_max=512 * 1024, due=due)
    while not store.spool.keep([Draft(AT, None, MonitorStopped(reason="x" * 4_000))], AT):
        pass
    kept = store.level.events

    while store.level.events:
        deliver(store, 7)

    assert due.count(store.database) + due.lost == kept


def test_what_an_earlier_start_marked_is_forgotten_where_no_tree_is_written(store: "Store", due: Due) -> None:
    keep(store, "one", "two")
    deliver(store, 1)

    forget_due(store.database)

    assert waiting(store, due) == []


def test_delivery_goes_on_where_the_disk_under_the_spool_is_full(small_disk: Path, stores: "Stores") -> None:
    due = due_of()
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open(due=due)
        draft = Draft(AT, None, MonitorStopped(reason="x" * 1_000))
        while not store.spool.keep([draft] * 500, AT):
            pass
        kept = store.level.events
        while events := store.outbox.oldest(500, 1 << 20):
            store.outbox.settle(events, {})

        assert store.level.events == 0
        assert due.count(store.database) + due.lost == kept > 1_000
