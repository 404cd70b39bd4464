"""aiohttp's side of the door: whoever sends nonsense gets one answer, and no line in the log."""

import asyncio
import socket
from contextlib import suppress
from typing import Any

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from jcode_watcher.serving.door import BUSY, LINGER_BYTES_MAX, LINGER_SECONDS_MAX, WAIT_SECONDS_MAX, Door

THEIR_FAULT = (HttpProcessingError, web.RequestPayloadError, ClientPayloadError)


class DoorHandler(web.RequestHandler):
    """One connection."""

    def __init__(self, door: Door, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # as its runner says it
            keepalive_timeout=WAIT_SECONDS_MAX,
            lingering_time=LINGER_SECONDS_MAX,
        )
        self._door = door
        self._answered = 0
        self._rest_bytes: int | None = None
        """Of a refused request: what came after the refusal."""
        self._rest_ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in, or be told that there is no room."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type: TCP gives no other
        if self._door.enter(self, transport.abort):
            super().connection_made(transport)
            return
        transport.write(BUSY)
        transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Be forgotten."""
        self._door.leave(self)
        self._rest_ended.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; of a refused request nothing more."""
        if self._rest_bytes is not None:
            self._rest_bytes += len(data)
            if self._rest_bytes > LINGER_BYTES_MAX:
                self._rest_ended.set()
            return
        super().data_received(data)
        if self._request_count > self._answered:
            self._door.asks(self)

    def eof_received(self) -> None:
        """Notice that a refused request has ended."""
        self._rest_ended.set()
        super().eof_received()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer 400, 414 or 431 what cannot be read; what is our fault as aiohttp does."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        too_long = isinstance(exc, LineTooLong)
        self._door.refused["too_long" if too_long else "malformed"] += 1
        self._rest_bytes = 0
        if too_long:
            # aiohttp says how what is too long begins, and not whether it is the URL or a header.
            status = 414 if bytes(exc.args[0]).startswith(b"/") else 431
        text = "the request's line or a header is too long" if too_long else "this is no HTTP request"
        refusal = web.Response(status=status, text=text + "\n")
        refusal.force_close()
        return refusal

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer; after a refusal wait for the end of what was refused."""
        finished = await super().finish_response(request, resp, start_time)
        if self._rest_bytes is not None and self.transport is not None:
            with suppress(TimeoutError, OSError):
                self.transport.write_eof()
                await asyncio.wait_for(self._rest_ended.wait(), LINGER_SECONDS_MAX)
        self._answered += 1
        if self._request_count <= self._answered:
            self._door.waits(self)
        return finished

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log what is our fault, and count what is theirs."""
        if isinstance(kw.get("exc_info"), THEIR_FAULT):
            self._door.refused["malformed"] += 1
        else:
            super().log_exception(*args, **kw)


class DoorSite(web.SockSite):
    """A listening socket behind a door."""

    def __init__(self, runner: web.BaseRunner, listening: socket.socket, door: Door) -> None:
        super().__init__(runner, listening)
        self._listening = listening
        self._door = door

    async def start(self) -> None:
        """Begin to accept."""
        await web.BaseSite.start(self)
        server = self._runner.server
        assert server is not None  # noqa: S101 - for the type: the base class has looked
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: DoorHandler(self._door, server), sock=self._listening, backlog=self._backlog
        )
