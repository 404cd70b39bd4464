"""The deliverer's side of the spool: what waits, and what became of it."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from jcode_watcher.agent.errors import SpoolFull
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.agent.spool.due import Due, KeepForTree, Settled, hold_nothing
from jcode_watcher.agent.spool.level import Level
from jcode_watcher.agent.spool.reserve import Reserve
from jcode_watcher.agent.spool.spooled import Spooled

QUARANTINE_EVENTS_MAX = 1_000
QUARANTINE_BYTES_MAX = 16 * 1024 * 1024


class Stretch(NamedTuple):
    """Events in a row that need not be delivered any more."""

    first: int
    last: int
    """Positions, both included."""
    refused: Mapping[int, str]
    """Why the service will never take some of them, by position."""


class Outbox:
    """Gives the oldest events, and forgets those that are settled."""

    def __init__(
        self,
        database: sqlite3.Connection,
        level: Level,
        reserve: Reserve,
        now_ns: Callable[[], int],
        due: Due | None = None,
    ) -> None:
        """Take the connection of the deliverer's thread, and the room that it may spend."""
        self._reserve = reserve
        self._due = due
        self._database = database
        self._level = level
        self._now_ns = now_ns
        self._settled: deque[Stretch] = deque()
        """Still in the file: its disk was so full that nothing could even be taken out."""
        self._settled_until = 0

    def oldest(self, events_max: int, bytes_max: int) -> list[Spooled]:
        """Give the oldest events, at least one if there is any, together at most so long."""
        self._take_out_settled()
        rows = self._database.execute(
            "SELECT position, id, time_ns, json FROM events WHERE position > ? ORDER BY position LIMIT ?",
            (self._settled_until, events_max),
        )
        chosen: list[Spooled] = []
        size = 0
        for row in rows:
            event = Spooled(*row)
            size += len(event.json) + 1
            if chosen and size > bytes_max:
                break
            chosen.append(event)
        rows.close()
        return chosen

    def settle(self, events: Sequence[Spooled], refused: Mapping[int, str]) -> None:
        """Forget events in a row that are delivered; set aside those that were refused (position to reason).

        Where the disk is too full for that they are not given again, and are taken out later. After a crash
        they would be delivered once more, which the service notices.
        """
        self._settled.append(Stretch(events[0].position, events[-1].position, refused))
        self._settled_until = events[-1].position
        self._level.change(-len(events), -sum(len(event.json) for event in events))
        self._take_out_settled()

    def _take_out_settled(self) -> None:
        while self._settled:
            try:
                self._take_out(self._settled[0])
            except SpoolFull:
                return
            self._settled.popleft()
            if not self._settled:
                # SQLite gives a number anew where those after it are gone.
                self._settled_until = 0

    def _take_out(self, settled: Stretch) -> None:
        """Take it out; SpoolFull where not even that can be written."""
        if self._due is None:
            self._reserve.spend(lambda: self._replace(settled, hold_nothing))
            return
        hold, give_up = self._due.hold, self._due.give_up
        try:
            told = self._reserve.spend(lambda: self._replace(settled, hold))
        except SpoolFull:
            # What the snapshot tree lacks would still wait for it, but delivery goes first.
            told = self._reserve.spend(lambda: self._replace(settled, give_up))
        self._due.settled(told)

    def _replace(self, settled: Stretch, keep_for_tree: KeepForTree) -> Settled:
        """Put what is to stay of some events in their place, all or nothing."""
        with transaction(self._database):
            events = self._events(settled) if settled.refused or self._due else []
            # Deleting first makes the room that setting aside may need.
            self._database.execute(
                "DELETE FROM events WHERE position BETWEEN ? AND ?", (settled.first, settled.last)
            )
            if settled.refused:
                self._set_aside(
                    (event, settled.refused[event.position])
                    for event in events
                    if event.position in settled.refused
                )
            return keep_for_tree(self._database, events)

    def _events(self, settled: Stretch) -> list[Spooled]:
        rows = self._database.execute(
            "SELECT position, id, time_ns, json FROM events WHERE position BETWEEN ? AND ? ORDER BY position",
            (settled.first, settled.last),
        )
        return [Spooled(*row) for row in rows]

    def _set_aside(self, refused: Iterable[tuple[Spooled, str]]) -> None:
        now_ns = self._now_ns()
        self._database.executemany(
            "INSERT INTO quarantine (id, refused_ns, reason, bytes, json) VALUES (?, ?, ?, ?, ?)",
            [(event.id, now_ns, reason, len(event.json), event.json) for event, reason in refused],
        )
        self._database.execute(
            "DELETE FROM quarantine WHERE position NOT IN (SELECT position FROM ("
            " SELECT position, SUM(bytes) OVER newest AS bytes, ROW_NUMBER() OVER newest AS number"
            " FROM quarantine WINDOW newest AS (ORDER BY position DESC)"
            ") WHERE bytes <= ? AND number <= ?)",
            (QUARANTINE_BYTES_MAX, QUARANTINE_EVENTS_MAX),
        )
