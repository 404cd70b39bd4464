"""The control data: small, relational, fsynced. SQLite here, PostgreSQL on a cluster."""

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
)
from sqlalchemy.exc import DBAPIError

from jcode_watcher.analytics.errors import CannotServe

METADATA = MetaData()

TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("node", String(253)),  # of an agent: the first node that used it
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
    except DBAPIError as error:
        engine.dispose()
        raise CannotServe(f"{path}: {error.orig}; restore it from a backup or remove it") from error
    return engine


def durable(connection: Any, _record: Any) -> None:
    """Make a commit wait for the disk."""
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}").close()
