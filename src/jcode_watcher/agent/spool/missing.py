"""What a spool lacks that its mark says was kept: SQLite takes a damaged log for one that ends there."""

import sqlite3
from typing import Final

from jcode_watcher.agent.spool.mark import Mark
from jcode_watcher.agent.spool.starts import STARTS_KEPT

NEEDED: Final = frozenset({"starts", "events"})
ENDS_AS_KEPT: Final = (
    "SELECT seq = last_seq FROM events JOIN starts USING (agent) ORDER BY position DESC LIMIT 1"
)
GARBLED: Final = (
    "SELECT EXISTS (SELECT 1 FROM events WHERE CASE WHEN json_valid(CAST(json AS TEXT))"
    " THEN json_extract(CAST(json AS TEXT), '$.id') IS NOT id ELSE 1 END)"
)


def missing_in(database: sqlite3.Connection, mark: Mark) -> str | None:
    """Say what is missing in a file that SQLite finds no fault with; None where the mark is not ahead."""
    if is_new(database):
        return "it is empty, and was not"
    starts = dict(database.execute("SELECT agent, last_seq FROM starts").fetchall())
    if mark.agent not in starts:
        # A version that writes no mark may have been here since, and have started often.
        return None if len(starts) >= STARTS_KEPT else "the latest start of the agent is missing"
    if (last_seq := starts[mark.agent]) < mark.seq:
        return (
            f"{mark.seq} events were kept since the latest start, and what came after {last_seq} is missing"
        )
    return None if ends_as_kept(database) else "the event that was kept last is missing"


def is_whole(database: sqlite3.Connection) -> bool:
    """Tell whether what there is was there together once.

    Pages that were taken out of the log before it was damaged may be newer than those beside them.
    """
    if is_new(database) or not ends_as_kept(database):
        return False
    (garbled,) = database.execute(GARBLED).fetchone()
    return not garbled


def alive_ns(database: sqlite3.Connection) -> int:
    """Give up to when everything had been kept; 0 where nothing was."""
    found: int = database.execute("SELECT COALESCE(MAX(alive_ns), 0) FROM starts").fetchone()[0]
    return found


def is_new(database: sqlite3.Connection) -> bool:
    """Tell whether no agent ever started with a file, as far as it knows."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return not tables >= NEEDED or not alive_ns(database)


def ends_as_kept(database: sqlite3.Connection) -> bool:
    """Tell whether the latest event is the last that its start kept: the oldest are delivered first."""
    found = database.execute(ENDS_AS_KEPT).fetchone()
    return found is None or bool(found[0])
