"""What was known of the source files when their last event was kept."""

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

from jcode_watcher.agent.reporting.draft import FileChange
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.filemon.facts import FileState

STATE = msgspec.msgpack.Decoder(FileState)


class KnownFiles:
    """Reads and writes the table of files, within the transactions of its connection."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def below(self, root: bytes) -> Iterator[tuple[bytes, FileState]]:
        """Give every file known below a root."""
        for path, state in self._database.execute("SELECT path, state FROM files WHERE root = ?", (root,)):
            if known := readable(state):
                yield path, known

    def state(self, root: bytes, path: bytes) -> FileState | None:
        """Give what is known of one file."""
        found = self._database.execute(
            "SELECT state FROM files WHERE root = ? AND path = ?", (root, path)
        ).fetchone()
        return readable(found[0]) if found else None

    def apply(self, changes: Iterable[FileChange]) -> None:
        """Remember, in order."""
        for root, path, state in changes:
            if state is None:
                self._database.execute("DELETE FROM files WHERE root = ? AND path = ?", (root, path))
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
                    (root, path, msgspec.msgpack.encode(state)),
                )

    def doubt(self) -> None:
        """Trust nothing but the paths: what is there is told anew, and what is not as deleted."""
        with transaction(self._database):
            for root, path, state in self._database.execute("SELECT root, path, state FROM files").fetchall():
                if known := readable(state):
                    # No file was ever changed then, so each differs, and has content that was not told.
                    doubted = msgspec.structs.replace(known, ctime_ns=0, sha256=None)
                    self.apply([FileChange(root, path, doubted)])


def readable(state: bytes) -> FileState | None:
    """Give a state as it was written; None where it is damaged: then the file is told anew."""
    try:
        return STATE.decode(state)
    except msgspec.DecodeError:
        return None
