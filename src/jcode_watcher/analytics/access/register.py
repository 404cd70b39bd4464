"""The agents' tokens: made for a node, listed, revoked. A service that runs honours each change at once."""

import secrets
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, select

from jcode_watcher.analytics.access.control import TOKENS
from jcode_watcher.analytics.access.tokens import TOKEN_BYTES, hashed, write_durably
from jcode_watcher.analytics.errors import CannotServe

TOKENS_MAX = 10_000
"""Tokens of all nodes; revoked ones do not count."""


class Listed(NamedTuple):
    """What may be told of a token. Times are seconds since 1970, None where unknown."""

    id: int
    role: str
    node: str | None
    created: float | None
    seen: float | None


def minted(engine: Engine, node: str, now: float, out: Path | None) -> str:
    """Make a token that writes as one node only, and keep its hash; with `out` its file is there before.

    CannotServe if there are too many, or the file cannot be made.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    if out is not None:
        written(out, token)
    try:
        with engine.begin() as connection:
            add(connection, {"sha256": hashed(token), "role": "agent", "node": node, "created": now})
    except BaseException:
        if out is not None:
            out.unlink(missing_ok=True)
        raise
    return token


def add(connection: Connection, row: dict[str, object]) -> None:
    """Add a token; CannotServe if there are too many."""
    count = connection.execute(select(func.count()).select_from(TOKENS)).scalar_one()
    if count >= TOKENS_MAX:
        raise CannotServe(f"{count} tokens are there, no more are made; revoke those of lost nodes")
    connection.execute(insert(TOKENS), [row])


def written(out: Path, token: str) -> None:
    """Write a token's file, for its owner alone; CannotServe if one is there or it cannot be written."""
    try:
        if out.exists():
            raise CannotServe(f"--out {out}: is there already; remove it or give another name")
        write_durably(out, token)
    except OSError as error:
        raise CannotServe(f"--out {out}: {error.strerror}; give a file that can be written") from None


def listed(engine: Engine) -> list[Listed]:
    """Give every token, the oldest first."""
    columns = (TOKENS.c.id, TOKENS.c.role, TOKENS.c.node, TOKENS.c.created, TOKENS.c.seen)
    with engine.connect() as connection:
        return [Listed(*row) for row in connection.execute(select(*columns).order_by(TOKENS.c.id))]


def revoked(engine: Engine, *, node: str, number: int) -> int:
    """Make all of a node's tokens worthless, or the one with this number; give how many there were.

    A reader's token stays: browsers that signed in with it would not be signed out.
    """
    which = TOKENS.c.id == number if number else TOKENS.c.node == node
    with engine.begin() as connection:
        return connection.execute(delete(TOKENS).where(which, TOKENS.c.role == "agent")).rowcount
