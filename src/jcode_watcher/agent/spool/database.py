"""Opens the spool's file, and lets one agent at a time have it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

from jcode_watcher.agent.errors import CannotKeep, SpoolFull, StateUnusable

FILE_NAME = "spool.sqlite3"
LOCK_NAME = "lock"
BUSY_SECONDS_MAX = 30.0
"""How long the keeper and the deliverer wait for each other's transaction."""
WAL_PAGES_MAX = 256
"""After so many the log is taken into the file; on a full disk the reserve has room for that."""
WAL_BYTES_KEPT = 2 * 1024 * 1024
CACHE_KIB = 512
"""Of each connection. It is written and read in order, and hardly anything twice."""
SCHEMA_VERSION = 1
PAGES_MAX = "pages_max"
"""The SQL function that gives the limit which a connection was opened with."""


def lock_state(folder: Path) -> BinaryIO:
    """Make the state folder and take it for this process, until the file returned is closed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / LOCK_NAME).open("ab")
    except OSError as error:
        raise StateUnusable(
            f"--state {folder}: {error.strerror}; give a folder that can be written"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StateUnusable(
            f"--state {folder}: another agent uses it; give each agent a folder of its own"
        ) from None
    return lock


def remedy(error: sqlite3.Error) -> str:
    """Say what to do about a spool that cannot be opened: what is in it is not lost if its disk is full."""
    if isinstance(error, sqlite3.OperationalError):
        return "free its disk, or let the agent write there"
    return "move the file away, and the agent begins anew"


def connect(folder: Path, bytes_max: int) -> sqlite3.Connection:
    """Open the spool, making it where there is none; each thread that uses it has its own connection."""
    path = folder / FILE_NAME
    if path.exists() and not path.is_file():
        raise StateUnusable(
            f"{path}: {'a folder' if path.is_dir() else 'no regular file'}, where the spool's file is to be;"
            " move it away, and the agent makes one"
        )
    try:
        make_private(path)
        database = sqlite3.connect(
            path, timeout=BUSY_SECONDS_MAX, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise StateUnusable(f"{path}: {error}; give a folder that can be written") from error
    try:
        prepare(database, bytes_max)
    except sqlite3.Error as error:
        database.close()
        raise StateUnusable(f"{path}: {error}; {remedy(error)}") from error
    return database


def make_private(path: Path) -> None:
    """Make the file where there is none: students' code is in it, so nobody but the agent's user reads it."""
    # Only then: closing it would take away the locks of a connection that this process has open already, and
    # another program that only reads the spool would then remove the log in which the agent writes.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def prepare(database: sqlite3.Connection, bytes_max: int) -> None:
    """Make it durable, cap it, and create what is missing."""
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(f"PRAGMA journal_size_limit={WAL_BYTES_KEPT}")
    database.execute(f"PRAGMA wal_autocheckpoint={WAL_PAGES_MAX}")
    database.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if not is_known(version):
        raise sqlite3.DatabaseError(f"made by another version ({version}; this one knows {SCHEMA_VERSION})")
    name_students(database)
    # Each time, as a table may be new; and before the cap, as a full spool must be opened too.
    database.executescript(files(__package__).joinpath("schema.sql").read_text(encoding="utf-8"))
    if version == 0:
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    (page_bytes,) = database.execute("PRAGMA page_size").fetchone()
    pages_max = bytes_max // page_bytes
    # Beyond the cap SQLite refuses to grow, but can still delete: the disk itself is never filled.
    database.execute(f"PRAGMA max_page_count={pages_max}")
    # A file that grew under a larger limit stays as long as it is, and SQLite takes its length for the cap.
    database.create_function(PAGES_MAX, 0, lambda: pages_max, deterministic=True)


def folder_of(database: sqlite3.Connection) -> Path:
    """Give the folder in which a connection's file lies."""
    query = "SELECT CAST(file AS BLOB) FROM pragma_database_list WHERE name = 'main'"  # it need be no UTF-8
    return Path(os.fsdecode(database.execute(query).fetchone()[0])).parent


def is_known(version: int) -> bool:
    """Tell whether this version can read a spool that says so of itself; 0 is a new one."""
    return version in {0, SCHEMA_VERSION}


def name_students(database: sqlite3.Connection) -> None:
    """Say in a spool that was made without it whose the events are that the snapshot tree lacks."""
    columns = {name for _, name, *_ in database.execute("PRAGMA table_info(due)")}
    if columns and "student" not in columns:
        with transaction(database):
            database.execute("ALTER TABLE due ADD COLUMN student TEXT NOT NULL DEFAULT ''")
            database.execute(
                "UPDATE due SET student = COALESCE(("
                "SELECT json_extract(CAST(json AS TEXT), '$.subject.student')"
                " FROM events WHERE events.position = due.position), '')"
            )


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Do all or nothing, on disk when it ends.

    SpoolFull where there is no room, CannotKeep where the disk fails.
    """
    try:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise SpoolFull(str(error)) from error
        raise cannot_keep(error) from error


def cannot_keep(error: sqlite3.Error) -> CannotKeep:
    """Say that the spool fails; if it is damaged, the next start sets it aside."""
    return CannotKeep(f"spool: {error}; see to the disk under the state folder")
