"""A damaged spool is found when the agent starts, and set aside: the node is watched all the same."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from jcode_watcher.agent.errors import StateUnusable
from jcode_watcher.agent.spool.database import BUSY_SECONDS_MAX, FILE_NAME, is_known
from jcode_watcher.agent.spool.mark import Mark, read_mark
from jcode_watcher.agent.spool.marker import OLDEST
from jcode_watcher.agent.spool.missing import alive_ns, is_whole, missing_in
from jcode_watcher.agent.spool.reserve import free_bytes

LOG = structlog.get_logger()

ASIDE_NAME: Final = f"{FILE_NAME}.damaged"
"""One at most: the next damaged spool takes its place."""
PARTS: Final = ("", "-wal", "-shm")
"""What a spool consists of. A log that is left without its file belongs to none, and SQLite removes it."""


class Damage(NamedTuple):
    """What is wrong with a spool."""

    finding: str
    since_ns: int
    """What happened from then on may be lost with it."""
    goes_on: bool = False
    """Whether what it still has is whole, and only what was kept last is missing."""


NO_ROOM: Final = "nothing: its disk has no room for a second"


def set_aside_damaged(folder: Path) -> Damage | None:
    """Look through the spool before anybody has it open; give what is wrong with it, None where nothing is.

    It is set aside, unless it can go on: then nothing that it knows of the files is to be trusted.
    """
    path = folder / FILE_NAME
    if path.exists() and not path.is_file():
        return None  # who opens it next says so
    if (damage := damage_of(path, read_mark(folder))) is None:
        return None
    if damage.goes_on:
        LOG.error(
            "the spool is damaged: what was kept last is missing, the agent goes on with what is there",
            damage=damage.finding,
        )
        return damage
    is_there = path.exists()
    try:
        aside = set_aside(path)
    except OSError as error:
        raise StateUnusable(f"{path}: damaged, and cannot be set aside: {error.strerror}") from error
    LOG.error(
        "the spool is damaged: it is set aside, and the agent begins anew",
        damage=damage.finding,
        aside=str(aside) if aside else NO_ROOM if is_there else "nothing: it is gone",
    )
    return damage


def damage_of(path: Path, mark: Mark | None) -> Damage | None:
    """Give what is wrong with a spool; None also where it is another version's, or cannot be read now."""
    if not path.is_file():
        return Damage("its file is gone", mark.since_ns) if mark else None
    # At first, as opening it takes its log into it.
    written_ns = max(part.stat().st_mtime_ns for part in parts_of(path))
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS_MAX, isolation_level=None)) as database:
            if not (finding := finding_in(database, mark)):
                return None
            if goes_on(database):
                return Damage(finding, alive_ns(database), goes_on=True)
            marked = [mark.since_ns] if mark else []
            return Damage(finding, min([written_ns, *marked, *readable_times(database)]))
    except sqlite3.OperationalError:
        return None  # who opens it next says why


def finding_in(database: sqlite3.Connection, mark: Mark | None) -> str | None:
    """Give in one line what is wrong; OperationalError where that cannot be known."""
    # It may quote what it found.
    database.text_factory = lambda text: text.decode(errors="replace")
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if not is_known(version):
            return None
        found = fault_of(database)
        if found is None and mark:
            found = missing_in(database, mark)
    except sqlite3.Error as error:
        if is_of_the_machine(error):
            raise
        return str(error)
    return found


def fault_of(database: sqlite3.Connection) -> str | None:
    """Give the first thing that SQLite finds wrong; sqlite3.Error where it cannot look on."""
    # As quick as quick_check, for hardly anything has an index; a damaged one would end the agent later.
    (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    return None if found == "ok" else " ".join(found.split())


def goes_on(database: sqlite3.Connection) -> bool:
    """Tell whether what a spool still has is whole, and can be delivered."""
    try:
        return fault_of(database) is None and is_whole(database)
    except sqlite3.Error as error:
        if is_of_the_machine(error):
            raise
        return False


def is_of_the_machine(error: sqlite3.Error) -> bool:
    """Tell whether the disk, a right or another program is in the way, rather than what is in the file."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR


def readable_times(database: sqlite3.Connection) -> Iterator[int]:
    """Give the times from which on something may be lost, as far as they can be read."""
    # What no moment can be is no less than garbage: then the later limit stands.
    for query in OLDEST:
        with suppress(sqlite3.Error):
            found = database.execute(query).fetchone()
            if found and isinstance(found[0], int) and found[0] > 0:
                yield found[0]


def set_aside(path: Path) -> Path | None:
    """Rename a spool, in the place of the last one set aside; None where it had to be removed."""
    aside = path.with_name(ASIDE_NAME)
    for part in parts_of(aside):
        part.unlink()
    parts = parts_of(path)
    # On a small disk it would take the room of the new one.
    keep = bool(parts) and free_bytes(path.parent) >= sum(part.stat().st_size for part in parts)
    for part in parts:
        if keep:
            part.rename(aside.with_name(ASIDE_NAME + part.name.removeprefix(FILE_NAME)))
        else:
            part.unlink()
    return aside if keep else None


def parts_of(path: Path) -> list[Path]:
    """Give those files of a spool that are there."""
    return [part for suffix in PARTS if (part := path.with_name(path.name + suffix)).is_file()]
