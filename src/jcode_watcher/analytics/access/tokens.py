"""Bearer tokens: made at first start, kept as hashes."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Literal, NamedTuple, cast

from sqlalchemy import Engine, insert, select

from jcode_watcher.analytics.access.control import TOKENS
from jcode_watcher.analytics.errors import CannotServe

Role = Literal["agent", "reader"]
ROLES: tuple[Role, ...] = ("agent", "reader")
TOKEN_BYTES = 32
TOKEN = re.compile(r"[\x21-\x7e]{32,512}")
"""What a token may look like; one of 256 random bits needs no slow hash against guessing."""


class Grant(NamedTuple):
    """What a token allows."""

    sha256: str
    role: Role
    node: str | None
    """Of an agent's token: the node it is bound to, once it was used."""


def hashed(token: str) -> str:
    """Give the form in which tokens are kept and compared."""
    return hashlib.sha256(token.encode()).hexdigest()


def first_tokens(engine: Engine, folder: Path, now: float) -> dict[Role, str]:
    """Make one token a role, where none was ever made, and write each to its file; give what was made.

    A token file that stands there already is taken over: an operator's own, or of a start that was cut short.
    `now` is in seconds since 1970.
    """
    with engine.begin() as connection:
        if connection.execute(select(TOKENS.c.id).limit(1)).first():
            return {}
        made = {role: token_in(folder, role) for role in ROLES}
        rows = [{"sha256": hashed(token), "role": role, "created": now} for role, token in made.items()]
        connection.execute(insert(TOKENS), rows)
    return made


def grants(engine: Engine) -> list[Grant]:
    """Give every token that is known."""
    with engine.connect() as connection:
        rows = connection.execute(select(TOKENS.c.sha256, TOKENS.c.role, TOKENS.c.node)).all()
    return [Grant(row.sha256, cast("Role", row.role), row.node) for row in rows]


def token_in(folder: Path, role: Role) -> str:
    """Give the token in a role's file, written first where there is none. CannotServe if it is no token."""
    path = folder / role
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            write_durably(path, secrets.token_urlsafe(TOKEN_BYTES))
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotServe(f"{path}: {error}; make it readable or remove it") from error
    if not TOKEN.fullmatch(token):
        raise CannotServe(f"{path}: not a token of 32 to 512 visible ASCII characters; remove it")
    return token


def write_durably(path: Path, token: str) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as writer:
        writer.write(token + "\n")
        writer.flush()
        os.fsync(file)
    part.rename(path)
