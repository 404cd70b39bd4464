"""A real uvicorn behind a door, with a short deadline for requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from jcode_watcher.analytics.server import configuration
from jcode_watcher.serving import Address, Door, listen

ASKS = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
UPGRADES = (
    b"GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PING, PONG = b"\x89\x80\x00\x00\x00\x00", b"\x8a\x00"
"""Masked with zeros, as a client must; without a mask, as a server must."""


class Running(NamedTuple):
    door: Door
    address: Address


async def answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("well")


async def live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive()


@asynccontextmanager
async def running() -> AsyncIterator[Running]:
    door = Door(100)
    app = Starlette(routes=[Route("/", answer), WebSocketRoute("/live", live)])
    server = uvicorn.Server(configuration(app, door))
    with listen(Address("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        yield Running(door, Address(*listening.getsockname()[:2]))
        server.should_exit = True
        await serving


async def opened(app: Running) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Give a connection that has been let in, and so waits for a request already."""
    streams = await asyncio.open_connection(*app.address)
    while not len(app.door):  # noqa: ASYNC110 (a connection that comes signals nothing)
        await asyncio.sleep(0)
    return streams


async def cut(address: Address) -> None:
    """Ask nothing, and wait until the other side gives up."""
    reader, writer = await asyncio.open_connection(*address)
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("before", [b"", ASKS], ids=["at once", "after a request"])
def test_a_live_socket_outlives_the_deadline_of_a_request(
    before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(30), running() as app:
            reader, writer = await opened(app)
            if before:
                writer.write(before)
                await reader.readuntil(b"well")
            monkeypatch.setattr("jcode_watcher.analytics.protocol.WAIT_SECONDS_MAX", 0.2)
            writer.write(UPGRADES)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
            await cut(app.address)  # it came later, and its time is over
            writer.write(PING)
            assert await reader.readexactly(len(PONG)) == PONG
            assert app.door.refused["late"] == 1
            writer.close()

    asyncio.run(scenario())
