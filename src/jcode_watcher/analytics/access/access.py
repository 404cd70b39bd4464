"""Decides who asks, and whether they may."""

import time
from pathlib import Path

from starlette.requests import HTTPConnection

from jcode_watcher.analytics.access.attempts import Attempts
from jcode_watcher.analytics.access.control import CONTROL_FILE, open_control
from jcode_watcher.analytics.access.roll import Roll
from jcode_watcher.analytics.access.sessions import Sessions
from jcode_watcher.analytics.access.tokens import Grant, first_tokens
from jcode_watcher.analytics.errors import Forbidden, NotSignedIn, TooMany
from jcode_watcher.serving import OwnNames, refusal_of_request

COOKIE = "jcode_watcher_session"
SECONDS_AN_HOUR = 3_600
BEARER = "bearer "


class Access:
    """The doorkeeper. Used by the event loop's thread only; its few writes wait for the disk."""

    def __init__(self, folder: Path, own: OwnNames, *, session_hours: int, failures_max: int) -> None:
        """Open the control data in a folder; CannotServe if it cannot be had."""
        self._engine = open_control(folder / CONTROL_FILE)
        self.tokens_folder = folder / "tokens"
        self.first_tokens = first_tokens(self._engine, self.tokens_folder, time.time())
        """Tokens made by this very start, by role."""
        self.session_seconds = session_hours * SECONDS_AN_HOUR
        self._roll = Roll(self._engine)
        self._sessions = Sessions(self._engine, time.time())
        self._attempts = Attempts(failures_max)
        self._own = own

    def reader(self, request: HTTPConnection) -> None:
        """Let readers through, by token or cookie; else NotSignedIn or Forbidden."""
        grant = self._bearer(request)
        if grant is None:
            self._by_cookie(request)
        elif grant.role != "reader":
            raise Forbidden("an agent's token may only post batches; read with the one in tokens/reader")

    def agent(self, request: HTTPConnection) -> Grant:
        """Let agents through, by token; else NotSignedIn or Forbidden."""
        grant = self._bearer(request)
        if grant is None:
            self._by_cookie(request)
        if grant is None or grant.role != "agent":
            raise Forbidden("a reader may not post batches; post with an agent's token")
        self._roll.saw(grant)
        return grant

    def bind(self, grant: Grant, nodes: set[str]) -> None:
        """Let an agent write as the one node its token belongs to; Forbidden as any other.

        A token belongs to the node it was made for, or to the first that uses it. NotSignedIn if it was
        revoked meanwhile.
        """
        known = self._roll.of(grant.sha256)
        if known is None:
            raise NotSignedIn("this token was revoked")
        bound = known.node
        if bound is None and len(nodes) == 1:
            bound = next(iter(nodes))
            self._roll.bind(known, bound)
        others = sorted(nodes - {bound})
        if others:
            belongs = f"belongs to node {bound!r}" if bound else "may belong to one node only"
            raise Forbidden(
                f"events of node {others[0]!r}, but this token {belongs}; `jcode-watcher token` makes others"
            )

    def sign_in(self, request: HTTPConnection, token: str) -> str:
        """Give a browser's cookie for a reader's token; else NotSignedIn; TooMany after many of these."""
        self.same_site(request)
        address = request.client.host if request.client else ""
        grant = self._roll.grant(token)
        # Behind a proxy all browsers have one address: who guesses there must not lock out who knows.
        if grant is None or grant.role != "reader":
            if wait := self._attempts.wait_seconds(address, time.monotonic()):
                raise TooMany(f"too many failed sign-ins from {address}; wait {wait} s", wait)
            self._attempts.failed(address, time.monotonic())
            raise NotSignedIn("not a reader's token; it stands in the file tokens/reader of the data folder")
        self._attempts.succeeded(address)
        return self._sessions.begin(time.time(), self.session_seconds)

    def sign_out(self, request: HTTPConnection) -> None:
        """End a browser's session, if it has one."""
        self.same_site(request)
        self._sessions.end(request.cookies.get(COOKIE, ""))

    def same_site(self, request: HTTPConnection) -> None:
        """Refuse other sites' pages and foreign names; Forbidden."""
        refusal = refusal_of_request(request.headers.get("host"), request.headers.get("origin"), self._own)
        if refusal is not None:
            raise Forbidden(refusal)

    def close(self) -> None:
        """Close the control data."""
        self._roll.close()
        self._engine.dispose()

    def _bearer(self, request: HTTPConnection) -> Grant | None:
        header = request.headers.get("authorization")
        if header is None:
            return None
        if not header.lower().startswith(BEARER):
            raise NotSignedIn("Authorization is not a bearer token; send `Authorization: Bearer TOKEN`")
        grant = self._roll.grant(header[len(BEARER) :].strip())
        if grant is None:
            raise NotSignedIn(
                "not a token of this service; the tokens stand in the folder tokens of the data folder"
            )
        return grant

    def _by_cookie(self, request: HTTPConnection) -> None:
        if not self._sessions.holds(request.cookies.get(COOKIE, ""), time.time()):
            raise NotSignedIn("not signed in; send a bearer token or sign in at /v1/session")
        self.same_site(request)
