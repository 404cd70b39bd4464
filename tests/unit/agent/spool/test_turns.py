"""The students take turns in the snapshot tree, however much one of them has waiting."""

from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool import Due
from jcode_watcher.events import Subject
from jcode_watcher.events.file import FileSaved

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000


@pytest.fixture
def due() -> Due:
    return Due(lambda _: True)


@pytest.fixture
def store(stores: "Stores", due: Due) -> "Store":
    return stores.open(due=due)


def keep(store: "Store", student: str, count: int = 1) -> None:
    subject = Subject(course="os", section="1", student=student, assignment="hw1")
    draft = Draft(AT, subject, FileSaved(path="a.c", size=1, content="x", how="closed"))
    store.spool.keep([draft] * count, AT)


def deliver(store: "Store", count: int) -> None:
    store.outbox.settle(store.outbox.oldest(count, 1 << 30), {})


def numbers(due: Due, store: "Store", most: int) -> list[int]:
    return [int(event_id.partition(".")[2]) for event_id in due.waiting(store.database, most)]


@pytest.mark.parametrize("delivered", [0, 250, 1_000, 1_003])
def test_the_storm_of_one_student_delays_no_other_by_more_than_a_turn(
    store: "Store", due: Due, delivered: int
) -> None:
    keep(store, "storm", 1_000)
    keep(store, "quiet")
    keep(store, "other", 2)
    if delivered:
        deliver(store, delivered)

    assert sorted(numbers(due, store, 10)) == [1, 2, 3, 4, 5, 6, 7, 1_001, 1_002, 1_003]


def test_the_order_of_a_students_events_stands_whatever_was_delivered(store: "Store", due: Due) -> None:
    for number in range(20):
        keep(store, "even" if number % 2 else "odd")
    deliver(store, 7)
    given: list[int] = []
    while ids := due.waiting(store.database, 3):
        given += [int(event_id.partition(".")[2]) for event_id in ids]
        for event_id in ids:
            due.note_written(event_id)
        if len(given) == 9:
            due.let_go(store.database)
            deliver(store, 4)

    assert [number for number in given if number % 2] == list(range(1, 21, 2))
    assert [number for number in given if not number % 2] == list(range(2, 21, 2))


def test_where_not_all_students_fit_the_next_ones_come_next(store: "Store", due: Due) -> None:
    for student in ("a", "b", "c", "d", "e"):
        keep(store, student, 3)
    deliver(store, 5)
    turns = []
    for _ in range(4):
        ids = due.waiting(store.database, 2)
        turns.append({(int(event_id.partition(".")[2]) - 1) // 3 for event_id in ids})
        for event_id in ids:
            due.note_written(event_id)

    assert turns == [{0, 1}, {2, 3}, {4, 0}, {1, 2}]


def test_a_look_at_what_waits_costs_no_more_where_more_waits(store: "Store", due: Due) -> None:
    def steps() -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        store.database.set_progress_handler(count, 10)
        due.waiting(store.database, 50)
        store.database.set_progress_handler(None, 0)
        return counted

    keep(store, "quiet", 100)
    keep(store, "storm", 100)
    few = steps()
    keep(store, "storm", 10_000)
    deliver(store, 5_000)

    assert steps() < 3 * few


def test_what_a_spool_made_before_has_waiting_is_given_in_turn_too(stores: "Stores", store: "Store") -> None:
    keep(store, "storm", 3)
    keep(store, "quiet")
    keep(store, "storm", 3)
    deliver(store, 1)
    store.database.executescript(
        "DROP VIEW held_named; DROP INDEX held_of_student; DROP INDEX due_of_student;"
        "ALTER TABLE due DROP COLUMN student"
    )

    later = Due(lambda _: True)
    reopened = stores.open("a2", due=later)

    assert sorted(numbers(later, reopened, 3)) == [1, 2, 4]
    keep(reopened, "storm")
    assert later.waiting(reopened.database, 9)[-1] == "a2.1"
