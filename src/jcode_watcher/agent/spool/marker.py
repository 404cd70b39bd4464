"""Keeps the mark of one start, and knows what the starts before it left unstated. For the keeper's thread."""

import sqlite3
from typing import Final

from jcode_watcher.agent.spool.database import folder_of
from jcode_watcher.agent.spool.dropped import Dropped
from jcode_watcher.agent.spool.mark import Mark, read_mark, write_mark

OLDEST: Final = (
    "SELECT time_ns FROM events ORDER BY position LIMIT 1",
    "SELECT MAX(alive_ns) FROM starts",
)
"""When the first event happened that was not delivered; up to when everything had been kept."""
STATED: Final = (
    "SELECT EXISTS (SELECT 1 FROM starts WHERE agent = ?1 AND last_seq > ?2"
    " OR last_seq > 0 AND rowid > (SELECT rowid FROM starts WHERE agent = ?1))"
)
"""Whether something was kept after a mark: what was dropped before is stated with it."""


class Marker:
    """Asks the keeper's connection, and writes beside its file."""

    def __init__(self, database: sqlite3.Connection, agent: str) -> None:
        """Take the connection, and the name of this start, which has begun."""
        self._database = database
        self._agent = agent
        self._folder = folder_of(database)
        found = read_mark(self._folder)
        self.counted = self._tells_all(found)
        """Whether it is known how much the starts before this one dropped."""
        self.left: Dropped | None = self._unstated(found)
        """What they dropped, as far as it is known and not stated."""

    def note(self, seq: int, dropped: Dropped | None) -> None:
        """Mark what is kept by now, and what is dropped and not stated."""
        times = (self._database.execute(query).fetchone() for query in OLDEST)
        write_mark(self._folder, Mark(self._agent, seq, min(found[0] for found in times if found), dropped))

    def _tells_all(self, mark: Mark | None) -> bool:
        before: tuple[str, int] | None = self._database.execute(
            "SELECT agent, last_seq FROM starts WHERE agent != ? ORDER BY rowid DESC LIMIT 1", (self._agent,)
        ).fetchone()
        if before is None:
            return True
        agent, last_seq = before
        return mark is not None and mark.agent == agent and mark.seq >= last_seq

    def _unstated(self, mark: Mark | None) -> Dropped | None:
        if mark is None or mark.dropped is None:
            return None
        if self._database.execute(STATED, (mark.agent, mark.seq)).fetchone()[0]:
            return None
        return mark.dropped if self.counted else mark.dropped._replace(events=None)
