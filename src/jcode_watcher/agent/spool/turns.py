"""Whose turn it is in the snapshot tree: the storm of one student holds up no other.

Of each student what was delivered is older than all that still waits for delivery, and the order stands.
"""

import sqlite3
from collections import deque
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

OF_STUDENT: Final = (
    "SELECT id FROM held_named WHERE student = ? ORDER BY position",
    "SELECT id FROM due WHERE student = ? ORDER BY position",
)
"""In the order in which they are written."""
NEXT_STUDENT: Final = (
    "SELECT MIN(student) FROM ("
    "SELECT MIN(student) AS student FROM held_named WHERE student >= ?1"
    " UNION ALL SELECT MIN(student) FROM due WHERE student >= ?1)"
)


class Turn(NamedTuple):
    """An event that is to be written next."""

    student: str
    event_id: str


def taken_in_turn(database: sqlite3.Connection, last: str, most: int, written: Collection[str]) -> list[Turn]:
    """Give at most so many events, one of each student after `last`, then the next of each.

    Reads as many rows as it gives and as are `written`, however many wait.
    """
    queues: deque[Iterator[Turn]] = deque()
    taken: list[Turn] = []
    for student in students_after(database, last):
        queue = queue_of(database, student, written)
        if (first := next(queue, None)) is not None:
            taken.append(first)
            queues.append(queue)
        if len(taken) == most:
            break
    while queues and len(taken) < most:
        queue = queues.popleft()
        if (following := next(queue, None)) is not None:
            taken.append(following)
            queues.append(queue)
    return taken


def students_after(database: sqlite3.Connection, last: str) -> Iterator[str]:
    """Give each student of whom something is marked: those after one, and then those up to that one."""
    at = next_student(database, just_after(last))
    while at is not None:
        yield at
        at = next_student(database, just_after(at))
    at = next_student(database, "")
    while at is not None and at <= last:
        yield at
        at = next_student(database, just_after(at))


def next_student(database: sqlite3.Connection, least: str) -> str | None:
    """Give the first student from a name on."""
    found: str | None = database.execute(NEXT_STUDENT, (least,)).fetchone()[0]
    return found


def just_after(name: str) -> str:
    """Give the least name that is greater."""
    return name + "\0"


def queue_of(database: sqlite3.Connection, student: str, written: Collection[str]) -> Iterator[Turn]:
    """Give what of a student is to be written, oldest first."""
    for query in OF_STUDENT:
        for (event_id,) in database.execute(query, (student,)):
            if event_id not in written:
                yield Turn(student, event_id)
