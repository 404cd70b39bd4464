"""The control data: small, relational, fsynced. SQLite here, PostgreSQL on a cluster."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import DBAPIError

from jcode_watcher.analytics.errors import CannotServe

CONTROL_FILE = "control.sqlite3"
METADATA = MetaData()

TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("node", String(253)),  # of an agent: the node it was made for, or the first that used it
    Column("created", Float),  # seconds since 1970; null where made before this was kept
    Column("seen", Float),  # likewise: about the last time it was used
)

SESSIONS = Table(
    "browser_sessions",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("expires", Float, nullable=False),  # seconds since 1970
)


def open_control(path: Path) -> Engine:
    """Open or create the control data; CannotServe if it cannot be had."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", durable)
    try:
        METADATA.create_all(engine)
        complete(engine)
    except DBAPIError as error:
        engine.dispose()
        raise CannotServe(f"{path}: {error.orig}; {remedy(error)}") from error
    return engine


def remedy(error: DBAPIError) -> str:
    """Say what to do about control data that cannot be opened: nothing is wrong with them on a full disk."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return "free its disk, or let the service write there"
    return "restore it from a backup"


def complete(engine: Engine) -> None:
    """Add the columns that a database made by an earlier version lacks; all of them may be null."""
    there = {column["name"] for column in inspect(engine).get_columns(TOKENS.name)}
    with engine.begin() as connection:
        for column in (TOKENS.c.created, TOKENS.c.seen):
            if column.name not in there:
                connection.execute(text(f"ALTER TABLE {TOKENS.name} ADD COLUMN {column.name} FLOAT"))


def durable(connection: Any, _record: Any) -> None:
    """Make a commit wait for the disk."""
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}").close()
