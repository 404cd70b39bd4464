"""Which events the snapshot tree lacks: marked when they are kept, let go of when it has them.

Three threads meet here, each with its own connection. The mark is kept with the event, in one transaction;
the events themselves stand in the spool once. Only what is delivered before the tree has it is held a second
time.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.agent.spool.room import Room
from jcode_watcher.agent.spool.spooled import Spooled
from jcode_watcher.agent.spool.turns import taken_in_turn

HELD_PART = 8
"""Of what the spool could keep, what may be held for a snapshot tree that cannot be written just now."""


class Settled(NamedTuple):
    """What became of delivered events that the tree lacked."""

    written: tuple[str, ...] = ()
    """Ids of those that the tree had when they were looked at."""
    lost: int = 0
    """How many of them had no room to be held."""


KeepForTree = Callable[[sqlite3.Connection, Sequence[Spooled]], Settled]


def hold_nothing(_: sqlite3.Connection, __: Sequence[Spooled]) -> Settled:
    """Where no tree is written, delivered events need not be looked at."""
    return Settled()


class Due:
    """Knows what is to be written; the keeper marks, the deliverer holds, the writer lets go."""

    def __init__(self, is_due: Callable[[Draft], bool]) -> None:
        """Take who says what belongs into the tree."""
        self._is_due = is_due
        self._lock = threading.Lock()
        self._written: set[str] = set()
        """In the tree, and still marked."""
        self._let_go: list[str] = []
        """Not marked any more, and what the tree remembers of them can go."""
        self._turn = ""
        """The student whose event was given last."""
        self.lost = 0
        """Events that were delivered while there was no room to hold them for the tree."""

    def mark(self, database: sqlite3.Connection, kept: Iterable[tuple[str, Draft]]) -> None:
        """Mark what is due of events (id and draft) that are about to be kept in this order."""
        (last,) = database.execute("SELECT COALESCE(MAX(position), 0) FROM events").fetchone()
        # SQLite gives each row the number after the highest.
        marks = [
            (event_id, position, draft.subject.student or "" if draft.subject else "")
            for position, (event_id, draft) in enumerate(kept, last + 1)
            if self._is_due(draft)
        ]
        database.executemany("INSERT INTO due (id, position, student) VALUES (?, ?, ?)", marks)

    def hold(self, database: sqlite3.Connection, events: Sequence[Spooled]) -> Settled:
        """Hold those delivered events that are due, as far as there is room."""
        written, missing = self._unmark(database, events)
        (used,) = database.execute("SELECT COALESCE(SUM(bytes), 0) FROM held").fetchone()
        held_bytes_max = Room(database).possible_bytes() // HELD_PART if missing else 0
        lost = 0
        for event in missing:
            if used + len(event.json) > held_bytes_max:
                lost += 1
                continue
            used += len(event.json)
            database.execute(
                "INSERT INTO held (id, bytes, json) VALUES (?, ?, ?)", (event.id, len(event.json), event.json)
            )
        return Settled(written, lost)

    def give_up(self, database: sqlite3.Connection, events: Sequence[Spooled]) -> Settled:
        """Hold nothing: where the disk is full, delivery goes first."""
        written, missing = self._unmark(database, events)
        return Settled(written, len(missing))

    def settled(self, settled: Settled) -> None:
        """Take it for true: the transaction has ended well."""
        with self._lock:
            self._written.difference_update(settled.written)
            self._let_go += settled.written
            self.lost += settled.lost

    def waiting(self, database: sqlite3.Connection, most: int) -> list[str]:
        """Give the ids of what is to be written: the students take turns, of each the oldest comes first."""
        with self._lock:
            written = frozenset(self._written)
        # Both tables at one moment: an event that passes from the one to the other is in exactly one.
        database.execute("BEGIN")
        try:
            taken = taken_in_turn(database, self._turn, most, written)
        finally:
            database.execute("COMMIT")
        if taken:
            self._turn = taken[-1].student
        return [one.event_id for one in taken]

    def event(self, database: sqlite3.Connection, event_id: str) -> bytes | None:
        """Give an event's text; None where it was given up meanwhile."""
        found = database.execute(
            "SELECT json FROM events JOIN due USING (position) WHERE due.id = ?"
            " UNION ALL SELECT json FROM held WHERE id = ?",
            (event_id, event_id),
        ).fetchone()
        return found[0] if found else None

    def count(self, database: sqlite3.Connection) -> int:
        """Count what is to be written."""
        (count,) = database.execute(
            "SELECT (SELECT COUNT(*) FROM due) + (SELECT COUNT(*) FROM held)"
        ).fetchone()
        with self._lock:
            return max(0, int(count) - len(self._written))

    def note_written(self, event_id: str) -> int:
        """Note that an event is in the tree, on disk; give how many still are marked all the same."""
        with self._lock:
            self._written.add(event_id)
            return len(self._written)

    def let_go(self, database: sqlite3.Connection) -> list[str]:
        """Unmark what is in the tree; give all that is not marked any more, each once."""
        with self._lock:
            written = tuple(self._written)
        if written:
            with transaction(database):
                for table in ("due", "held"):
                    database.executemany(f"DELETE FROM {table} WHERE id = ?", [(one,) for one in written])  # noqa: S608 - both names stand here
        with self._lock:
            self._written.difference_update(written)
            gone = [*self._let_go, *written]
            self._let_go = []
        return gone

    def _unmark(
        self, database: sqlite3.Connection, events: Sequence[Spooled]
    ) -> tuple[tuple[str, ...], list[Spooled]]:
        """Take the marks away; give the ids of what is in the tree, and the events that it lacks."""
        rows = database.execute(
            "SELECT id FROM due WHERE position BETWEEN ? AND ?", (events[0].position, events[-1].position)
        )
        due = {event_id for (event_id,) in rows}
        marked = [event for event in events if event.id in due]
        database.executemany("DELETE FROM due WHERE id = ?", [(event.id,) for event in marked])
        with self._lock:
            written = tuple(event.id for event in marked if event.id in self._written)
        return written, [event for event in marked if event.id not in written]


def forget_due(database: sqlite3.Connection) -> None:
    """Forget what an earlier start marked, where no tree is written any more."""
    if database.execute("SELECT EXISTS (SELECT 1 FROM due) OR EXISTS (SELECT 1 FROM held)").fetchone()[0]:
        with transaction(database):
            database.execute("DELETE FROM due")
            database.execute("DELETE FROM held")
