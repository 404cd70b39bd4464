"""The WebSocket clients: each reads at its own pace from its own bounded queue."""

import asyncio
import contextlib
import socket
from collections.abc import Sequence

from aiohttp import WSCloseCode, WSMsgType, web

from jcode_watcher.lifecycle.activities import first_of
from jcode_watcher.lifecycle.encoding import as_json
from jcode_watcher.lifecycle.frames import framed
from jcode_watcher.serving import Fanout, Subscription

FRAMES_PER_WRITE_MAX = 256
INCOMING_BYTES_MAX = 1_024
"""What a client says is ignored; longer frames than this close the connection."""
PING_SECONDS = 60
"""A client that does not answer a ping within half of this is taken for gone."""
CLOSE_SECONDS = 0.4
"""How long a client has to confirm that the connection is closed."""
SOCKET_BUFFER_BYTES = 262_144
"""Events in the kernel's send buffer of one client; the kernel would let it grow to several MiB."""


class Clients:
    """Everyone who is connected to /ws. Used by the event loop's thread only."""

    def __init__(self, fanout: Fanout[bytes], clients_max: int) -> None:
        self.refused_total = 0
        self._fanout = fanout
        self._clients_max = clients_max
        self._serving: dict[asyncio.Future[None], asyncio.Transport] = {}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one client until it leaves or the monitor ends; 503 where there are too many."""
        if len(self._fanout) >= self._clients_max:
            self.refused_total += 1
            raise web.HTTPServiceUnavailable(
                text=f"{self._clients_max} clients are connected already; raise --clients-max or try later",
                headers={"Retry-After": "5"},
            )
        client = web.WebSocketResponse(
            compress=False,
            heartbeat=PING_SECONDS,
            timeout=CLOSE_SECONDS,
            max_msg_size=INCOMING_BYTES_MAX,
            # Every send_frame() waits until the transport has room.
            writer_limit=0,
        )
        # Before the handshake, so that what happens after it is not missed.
        subscription = self._fanout.subscribe()
        try:
            await client.prepare(request)
            await self._serve(client, request, subscription)
        finally:
            self._fanout.unsubscribe(subscription)
        return client

    async def _serve(
        self, client: web.WebSocketResponse, request: web.Request, subscription: Subscription[bytes]
    ) -> None:
        """Send and listen until either ends, then close."""
        transport = request.transport
        if transport is None:
            return
        limit_send_buffer(transport)
        loop = asyncio.get_running_loop()
        served = loop.create_future()
        self._serving[served] = transport
        try:
            await first_of(send_events(client, transport, subscription), ignore_messages(client))
            await client.close(code=WSCloseCode.GOING_AWAY)
        finally:
            del self._serving[served]
            served.set_result(None)
            # A transport that is only closed waits for ever for a client that does not read.
            loop.call_later(CLOSE_SECONDS, transport.abort)

    async def leave(self, grace_seconds: float) -> None:
        """Return once every client has read what is queued for it; cut off those that take longer."""
        self._fanout.close()
        if self._serving:
            await asyncio.wait(set(self._serving), timeout=grace_seconds)
        for transport in self._serving.values():
            transport.abort()


async def send_events(
    client: web.WebSocketResponse, transport: asyncio.Transport, subscription: Subscription[bytes]
) -> None:
    """Send one frame an event until the publisher closes or the client is gone."""
    with contextlib.suppress(ConnectionError):
        while taken := await subscription.take(FRAMES_PER_WRITE_MAX):
            await send(client, transport, as_json(taken))


async def send(
    client: web.WebSocketResponse, transport: asyncio.Transport, payloads: Sequence[bytes]
) -> None:
    """Send one frame for each payload; return when the client has room for more.

    All but the last are written at once, as a system call for each frame costs more than all else here; the
    last goes through aiohttp, which then waits for room. ConnectionResetError if the client is gone.
    """
    if client.closed:
        raise ConnectionResetError
    if len(payloads) > 1:
        transport.write(framed(payloads[:-1]))
    await client.send_frame(payloads[-1], WSMsgType.TEXT)


async def ignore_messages(client: web.WebSocketResponse) -> None:
    """Answer pings and notice when the client leaves; what it says besides is ignored."""
    async for _ in client:
        pass


def limit_send_buffer(transport: asyncio.Transport) -> None:
    """Bound what the kernel keeps for a client that does not read, and with it what that client misses."""
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
