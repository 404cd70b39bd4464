"""The deliverer's side of the spool: what waits, and what became of it."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from jcode_watcher.agent.errors import SpoolFull
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.agent.spool.due import Due, KeepForTree, Settled, hold_nothing
from jcode_watcher.agent.spool.level import Level
from jcode_watcher.agent.spool.reserve import Reserve
from jcode_watcher.agent.spool.spooled import Spooled

QUARANTINE_EVENTS_MAX = 1_000
QUARANTINE_BYTES_MAX = 16 * 1024 * 1024


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

    def oldest(self, events_max: int, bytes_max: int) -> list[Spooled]:
        """Give the oldest events, at least one if there is any, together at most so long."""
        rows = self._database.execute(
            "SELECT position, id, time_ns, json FROM events ORDER BY position LIMIT ?", (events_max,)
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
        """Forget events that the service has, and set aside those that it refused (position to reason).

        SpoolFull where the disk is so full that nothing can even be taken out.
        """
        if self._due is None:
            self._reserve.spend(lambda: self._take_out(events, refused))
        else:
            self._settle_with(self._due, events, refused)
        self._level.change(-len(events), -sum(len(event.json) for event in events))

    def _settle_with(self, due: Due, events: Sequence[Spooled], refused: Mapping[int, str]) -> None:
        """Let what the snapshot tree lacks still wait for it; without, rather than hold up the delivery."""
        try:
            settled = self._reserve.spend(lambda: self._take_out(events, refused, due.hold))
        except SpoolFull:
            settled = self._reserve.spend(lambda: self._take_out(events, refused, due.give_up))
        due.settled(settled)

    def _take_out(
        self, events: Sequence[Spooled], refused: Mapping[int, str], keep_for_tree: KeepForTree = hold_nothing
    ) -> Settled:
        with transaction(self._database):
            # Deleting first makes the room that setting aside may need.
            self._database.executemany(
                "DELETE FROM events WHERE position = ?", [(event.position,) for event in events]
            )
            if refused:
                self._set_aside(
                    (event, refused[event.position]) for event in events if event.position in refused
                )
            return keep_for_tree(self._database, events)

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
