"""The tokens as the running service sees them: what another process changes counts at the next request."""

import time
from contextlib import suppress

from sqlalchemy import Engine, bindparam, text, update
from sqlalchemy.exc import DBAPIError

from jcode_watcher.analytics.access.control import TOKENS
from jcode_watcher.analytics.access.tokens import Grant, grants, hashed

SEEN_SECONDS = 60
"""How often it is written down who was seen: a commit waits for the disk."""


class Roll:
    """All tokens in memory. Used by the event loop's thread only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # SQLite tells a connection whether others, those of other processes too, have committed since.
        self._watching = engine.connect()
        self._version = self._version_now()
        self._grants = {grant.sha256: grant for grant in grants(engine)}
        self._seen: dict[str, float] = {}
        self._written = time.monotonic()

    def grant(self, token: str) -> Grant | None:
        """Give what a token allows; None if it is none of ours."""
        return self.of(hashed(token))

    def of(self, sha256: str) -> Grant | None:
        """Likewise, by a token's hash."""
        version = self._version_now()
        if version != self._version:
            self._version = version
            self._grants = {grant.sha256: grant for grant in grants(self._engine)}
        return self._grants.get(sha256)

    def bind(self, grant: Grant, node: str) -> None:
        """Write down to which node a token belongs from now on."""
        with self._engine.begin() as connection:
            connection.execute(update(TOKENS).where(TOKENS.c.sha256 == grant.sha256).values(node=node))
        self._grants[grant.sha256] = grant._replace(node=node)

    def saw(self, grant: Grant) -> None:
        """Remember that a token was used, and write this down from time to time."""
        self._seen[grant.sha256] = time.time()
        if time.monotonic() >= self._written + SEEN_SECONDS:
            self.write_seen()

    def write_seen(self) -> None:
        """Write down when each token was last used."""
        if not self._seen:
            return
        self._written = time.monotonic()
        rows = [{"token": sha256, "at": at} for sha256, at in self._seen.items()]
        # On a full disk it is tried again later: no batch is refused for it.
        with suppress(DBAPIError), self._engine.begin() as connection:
            connection.execute(
                update(TOKENS).where(TOKENS.c.sha256 == bindparam("token")).values(seen=bindparam("at")), rows
            )
            self._seen.clear()

    def close(self) -> None:
        """Write down what is left."""
        self.write_seen()
        self._watching.close()

    def _version_now(self) -> int:
        # Without a rollback the connection would stay in the moment of its first question.
        version = self._watching.execute(text("PRAGMA data_version")).scalar_one()
        self._watching.rollback()
        return int(version)
