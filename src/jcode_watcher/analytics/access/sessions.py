"""Browsers that are signed in."""

import secrets

from sqlalchemy import Engine, delete, insert, select

from jcode_watcher.analytics.access.control import SESSIONS
from jcode_watcher.analytics.access.tokens import hashed

SESSION_BYTES = 32
SESSIONS_MAX = 10_000
"""Browsers signed in at once; the one that ends soonest is signed out first."""


class Sessions:
    """Sessions, in memory and, as hashes, in the control data, so that a restart signs nobody out.

    Times are seconds since 1970.
    """

    def __init__(self, engine: Engine, now: float) -> None:
        self._engine = engine
        with engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.expires <= now))
            rows = connection.execute(
                select(SESSIONS.c.sha256, SESSIONS.c.expires).order_by(SESSIONS.c.expires)
            )
            self._expires: dict[str, float] = {row.sha256: row.expires for row in rows}

    def begin(self, now: float, seconds: int) -> str:
        """Sign a browser in as reader; give the cookie's value."""
        value = secrets.token_urlsafe(SESSION_BYTES)
        gone = [key for key, expires in self._expires.items() if expires <= now]
        gone += list(self._expires)[: max(0, len(self._expires) - len(gone) + 1 - SESSIONS_MAX)]
        expires = now + seconds
        with self._engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.sha256.in_(gone)))
            connection.execute(insert(SESSIONS).values(sha256=hashed(value), role="reader", expires=expires))
        for key in gone:
            self._expires.pop(key, None)
        self._expires[hashed(value)] = expires
        return value

    def holds(self, value: str, now: float) -> bool:
        """Tell whether a cookie's value is signed in."""
        return self._expires.get(hashed(value), now) > now

    def end(self, value: str) -> None:
        """Sign a browser out."""
        if self._expires.pop(hashed(value), None) is not None:
            with self._engine.begin() as connection:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.sha256 == hashed(value)))
