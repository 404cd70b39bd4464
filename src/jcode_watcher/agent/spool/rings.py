"""What was told of the kernel's ring where that outlives the agent: kept with the events that tell it."""

import sqlite3
from collections.abc import Iterable
from typing import Final

from jcode_watcher.agent.errors import SpoolFull, StateUnusable
from jcode_watcher.agent.reporting.draft import POSITION, Reading
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.agent.spool.reserve import Reserve
from jcode_watcher.procmon import Progress

TOLD_MAX: Final = 4_096
"""Counters that are remembered: twice as many as the kernel has of containers at one time."""
LATE_NS: Final = 1_000_000_000
"""A loss is told within a second, and so may be older by that than all else that was not."""


class Rings:
    """Knows of one ring at a time. Used by the keeper's thread, but for what comes before it starts."""

    def __init__(self, database: sqlite3.Connection, reserve: Reserve | None = None) -> None:
        """Take the keeper's connection, and the room that it may spend."""
        self._database = database
        self._reserve = reserve
        self._ring = ""
        self._unkept: dict[str, int] = {}
        self._written: dict[str, int] = {}
        self.position = 0
        """Up to which all records are kept, or told as dropped."""

    def progress(self, ring: str) -> Progress | None:
        """Give how far a ring was told; None where the start before this one told of another, or of none."""
        found = self._database.execute("SELECT counter, total FROM told WHERE ring = ?", (ring,)).fetchall()
        told = dict(found)
        if POSITION not in told:
            return None
        (alive_ns,) = self._database.execute("SELECT MAX(alive_ns) FROM starts").fetchone()
        return Progress(told.pop(POSITION), told, alive_ns - LATE_NS)

    def begin(self, ring: str) -> None:
        """Remember from now on what is told of this ring, and forget others; the empty name is of none."""
        self._ring = ring
        # Of a new one only with the first events, as one of them states the time in which nobody looked.
        self._unkept = {POSITION: 0} if ring and self.progress(ring) is None else {}
        try:
            if self._reserve:
                self._reserve.spend(self._begin)
            else:
                self._begin()
        except SpoolFull as error:
            raise StateUnusable(f"no room in the spool: {error}; free some room on its disk") from error

    def note(self, readings: Iterable[Reading | None]) -> None:
        """Take note of what has been told; it is on disk after the next `keep`."""
        if self._ring:
            self._unkept.update(reading for reading in readings if reading is not None)
            self.position = self._unkept.get(POSITION, self.position)

    def keep(self, readings: Iterable[Reading | None]) -> None:
        """Write what has been told, within the transaction that keeps the events that tell it."""
        if not self._ring:
            return
        told = self._unkept | dict(reading for reading in readings if reading is not None)
        self._written = told
        if not told:
            return
        self._database.executemany(
            "INSERT OR REPLACE INTO told (counter, ring, total) VALUES (?, ?, ?)",
            [(counter, self._ring, total) for counter, total in told.items()],
        )
        self._database.execute(
            "DELETE FROM told WHERE rowid <= (SELECT MAX(rowid) FROM told) - ? AND counter <> ?",
            (TOLD_MAX, POSITION),
        )

    def kept(self) -> None:
        """Take it for written: the transaction has ended well."""
        self.position = self._written.get(POSITION, self.position)
        self._written, self._unkept = {}, {}

    def _begin(self) -> None:
        with transaction(self._database):
            self._database.execute("DELETE FROM told WHERE ring <> ?", (self._ring,))
