"""The starts of the agent: each states what the one before it left."""

import sqlite3
from typing import NamedTuple

from jcode_watcher.agent.spool.database import transaction

STARTS_KEPT = 100


class Start(NamedTuple):
    """A start of the agent."""

    agent: str
    alive_ns: int
    """Everything that happened before was kept."""
    last_seq: int


def begin(
    database: sqlite3.Connection, agent: str, now_ns: int, unknown_since_ns: int | None = None
) -> Start | None:
    """Note that an agent starts; give the start before it, None where there was none.

    Until its first event is kept, nothing is known of the time since the start before it; where that start
    is not known any more, since `unknown_since_ns`.
    """
    with transaction(database):
        found = database.execute(
            "SELECT agent, alive_ns, last_seq FROM starts ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
        database.execute(
            "DELETE FROM starts WHERE rowid <= (SELECT MAX(rowid) FROM starts) - ?", (STARTS_KEPT - 1,)
        )
        before = Start(*found) if found else None
        alive_ns = before.alive_ns if before else unknown_since_ns or now_ns
        database.execute("INSERT INTO starts VALUES (?, ?, ?, 0)", (agent, now_ns, alive_ns))
    return before
