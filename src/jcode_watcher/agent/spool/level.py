"""How full the spool is, known without asking it."""

import sqlite3
import threading


class Level:
    """Counts what waits for delivery; the keeper adds, the deliverer takes away."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._lock = threading.Lock()
        found = database.execute("SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM events").fetchone()
        self.events: int = found[0]
        self.bytes: int = found[1]

    def change(self, events: int, size_bytes: int) -> None:
        """Add events, or take some away (negative)."""
        with self._lock:
            self.events += events
            self.bytes += size_bytes
