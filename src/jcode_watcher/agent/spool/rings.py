"""What was told of the kernel's rings where those outlive the agent: kept with the events that tell it."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from jcode_watcher.agent.errors import SpoolFull, StateUnusable
from jcode_watcher.agent.reporting.draft import POSITION, Reading
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.agent.spool.reserve import Reserve
from jcode_watcher.procmon import Cut, Progress

TOLD_MAX: Final = 4_096
"""Counters that are remembered: twice as many as the kernel has of containers at one time."""
LATE_NS: Final = 1_000_000_000
"""A loss is told within a second, and so may be older by that than all else that was not."""

Told = dict[tuple[str, str], int]
"""Totals, by ring and counter."""


class Rings:
    """Knows the latest ring, and those before it of which not all is kept.

    Used by the keeper's thread, but for what comes before it starts.
    """

    def __init__(self, database: sqlite3.Connection, reserve: Reserve | None = None) -> None:
        """Take the keeper's connection, and the room that it may spend."""
        self._database = database
        self._reserve = reserve
        self._ring = ""
        self._unkept: Told = {}
        self._written: Told = {}
        self.position = 0
        """Up to which all records of the latest ring are kept, or told as dropped."""

    def left(self) -> Sequence[Progress]:
        """Give the rings that are not done with; none where the last start told of none, or kept nothing."""
        (alive_ns,) = self._database.execute("SELECT MAX(alive_ns) FROM starts").fetchone()
        rows = self._database.execute(
            "SELECT ring, position, attaching_ns, attached_ns, settled_ns FROM rings ORDER BY number"
        ).fetchall()
        return [
            Progress(
                ring, position, self._losses_of(ring), alive_ns - LATE_NS, Cut(*cut) if all(cut) else None
            )
            for ring, position, *cut in rows
        ]

    def begin(self, ring: str) -> None:
        """Remember from now on what is told of this ring, and forget others; the empty name is of none."""
        self._change(self._forget_all)
        self._follow(ring)
        # Only with the first events, as one of them states the time in which nobody looked.
        self._unkept = {(ring, POSITION): 0} if ring else {}

    def go_on(self) -> None:
        """Remember from now on what is told of the rings that are known."""
        self._follow(self._latest())

    def succeed(self, ring: str, cut: Cut) -> None:
        """Know this ring as the one that goes on from there."""
        latest = self._latest()
        self._change(lambda: self._append(ring, latest, cut))
        self._follow(ring)

    def note(self, readings: Iterable[Reading | None]) -> None:
        """Take note of what has been told; it is on disk after the next `keep`."""
        if self._ring:
            self._unkept.update(told_in(readings))
            self._advance(self._unkept)

    def keep(self, readings: Iterable[Reading | None]) -> None:
        """Write what has been told, within the transaction that keeps the events that tell it."""
        if not self._ring:
            return
        self._written = told = self._unkept | told_in(readings)
        if not told:
            return
        self._write_losses(told)
        for (ring, counter), position in told.items():
            if counter == POSITION:
                self._write_position(ring, position)

    def kept(self) -> None:
        """Take it for written: the transaction has ended well."""
        self._advance(self._written)
        self._written, self._unkept = {}, {}

    def _follow(self, ring: str) -> None:
        self._ring, self.position = ring, 0

    def _advance(self, told: Told) -> None:
        self.position = told.get((self._ring, POSITION), self.position)

    def _latest(self) -> str:
        ring: str
        (ring,) = self._database.execute("SELECT ring FROM rings ORDER BY number DESC LIMIT 1").fetchone()
        return ring

    def _losses_of(self, ring: str) -> dict[str, int]:
        rows = self._database.execute("SELECT counter, total FROM ring_losses WHERE ring = ?", (ring,))
        return dict(rows.fetchall())

    def _write_position(self, ring: str, position: int) -> None:
        self._database.execute(
            "INSERT INTO rings (ring, position) VALUES (?, ?)"
            " ON CONFLICT (ring) DO UPDATE SET position = excluded.position",
            (ring, position),
        )
        # What was before it is all told, in this transaction at the latest.
        earlier = "DELETE FROM rings WHERE number < (SELECT number FROM rings WHERE ring = ?)"
        if self._database.execute(earlier, (ring,)).rowcount:
            self._database.execute("DELETE FROM ring_losses WHERE ring NOT IN (SELECT ring FROM rings)")

    def _write_losses(self, told: Told) -> None:
        losses = [(ring, counter, total) for (ring, counter), total in told.items() if counter != POSITION]
        if not losses:
            return
        self._database.executemany(
            "INSERT OR REPLACE INTO ring_losses (ring, counter, total) VALUES (?, ?, ?)", losses
        )
        self._database.execute(
            "DELETE FROM ring_losses WHERE rowid <= (SELECT MAX(rowid) FROM ring_losses) - ?", (TOLD_MAX,)
        )

    def _forget_all(self) -> None:
        self._database.execute("DELETE FROM rings")
        self._database.execute("DELETE FROM ring_losses")

    def _append(self, ring: str, latest: str, cut: Cut) -> None:
        self._database.execute(
            "UPDATE rings SET attaching_ns = ?, attached_ns = ?, settled_ns = ? WHERE ring = ?",
            (*cut, latest),
        )
        self._database.execute("INSERT INTO rings (ring, position) VALUES (?, 0)", (ring,))

    def _change(self, change: Callable[[], None]) -> None:
        def change_all_or_nothing() -> None:
            with transaction(self._database):
                change()

        try:
            if self._reserve:
                self._reserve.spend(change_all_or_nothing)
            else:
                change_all_or_nothing()
        except SpoolFull as error:
            raise StateUnusable(f"no room in the spool: {error}; free some room on its disk") from error


def told_in(readings: Iterable[Reading | None]) -> Told:
    """Give what readings say; of one counter the last counts."""
    return {(reading.ring, reading.counter): reading.total for reading in readings if reading is not None}
