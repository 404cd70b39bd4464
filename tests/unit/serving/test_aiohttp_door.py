"""A real aiohttp server behind a door, and clients that do not behave."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
from aiohttp import web

from jcode_watcher.serving import Address, Door, listen
from jcode_watcher.serving.aiohttp_door import DoorSite

GOOD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
UPGRADES = (
    b"GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PING, PONG = b"\x89\x80\x00\x00\x00\x00", b"\x8a\x00"
"""Masked with zeros, as a client must; without a mask, as a server must."""
BAD: dict[str, tuple[bytes, bytes, str]] = {
    "no HTTP": (b"hello\r\n\r\n", b"400", "malformed"),
    "TLS": (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40 + b"\r\n\r\n",
        b"400",
        "malformed",
    ),
    "a bad version": (b"GET / HTTP/9.x\r\n\r\n", b"400", "malformed"),
    "a bad header": (b"GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", b"400", "malformed"),
    "a bad length": (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400", "malformed"),
    "a long URL": (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", b"414", "too_long"),
    "a very long URL": (b"GET /" + b"a" * 3_000_000 + b" HTTP/1.1\r\n\r\n", b"414", "too_long"),
    "a long header": (b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", b"431", "too_long"),
}


class Running(NamedTuple):
    door: Door
    address: Address


@asynccontextmanager
async def running(connections_max: int = 100) -> AsyncIterator[Running]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="well")

    async def live(request: web.Request) -> web.WebSocketResponse:
        client = web.WebSocketResponse()
        await client.prepare(request)
        await client.receive()
        return client

    app = web.Application()
    app.add_routes([web.get("/", answer), web.post("/", answer), web.get("/live", live)])
    door = Door(connections_max)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    with listen(Address("127.0.0.1", 0)) as listening:
        await DoorSite(runner, listening, door).start()
        yield Running(door, Address(*listening.getsockname()[:2]))
        await runner.cleanup()


async def asked(address: Address, sent: bytes) -> bytes:
    """Send, and read until the other side closes."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(sent)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def gone(door: Door) -> None:
    async with asyncio.timeout(10):
        while len(door):  # noqa: ASYNC110 (a connection that goes signals nothing)
            await asyncio.sleep(0.01)


def within(scenario: Callable[[Running], Awaitable[None]], connections_max: int = 100) -> None:
    async def run() -> None:
        async with running(connections_max) as app:
            await scenario(app)

    asyncio.run(run())


@pytest.mark.parametrize(("sent", "status", "reason"), BAD.values(), ids=BAD.keys())
def test_what_is_no_request_is_answered_and_counted_without_a_line(
    sent: bytes, status: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(app: Running) -> None:
        for before in (b"", GOOD):
            answer = await asked(app.address, before + sent)
            assert b" " + status + b" " in answer
        assert app.door.refused[reason] == 2
        await gone(app.door)

    with caplog.at_level(logging.INFO):
        within(scenario)
    assert caplog.records == []


def test_a_body_that_is_no_body_ends_quietly(caplog: pytest.LogCaptureFixture) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def scenario(app: Running) -> None:
        assert (await asked(app.address, head + b"zz\r\nnonsense\r\n")).startswith(b"HTTP/1.0 400 ")
        reader, writer = await asyncio.open_connection(*app.address)
        writer.write(head)
        await reader.readuntil(b"well")
        writer.write(b"zz\r\nnonsense\r\n")
        await reader.read()
        writer.close()

    within(scenario)
    assert caplog.records == []


def test_half_requests_keep_nobody_out() -> None:
    async def scenario(app: Running) -> None:
        half = [await asyncio.open_connection(*app.address) for _ in range(30)]
        for _, writer in half:
            writer.write(GOOD[:-4])
        reader, writer = await asyncio.open_connection(*app.address)
        for _ in range(3):
            writer.write(GOOD)
            assert await reader.readuntil(b"well")
        assert len(app.door) == 10
        assert app.door.refused["pushed_out"] == 21
        for _, other in [*half, (reader, writer)]:
            other.close()

    within(scenario, connections_max=10)


def test_a_connection_that_never_asks_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jcode_watcher.serving.aiohttp_door.WAIT_SECONDS_MAX", 0.2)

    async def scenario(app: Running) -> None:
        assert await asked(app.address, GOOD[:-4]) == b""
        assert (await asked(app.address, GOOD + GOOD[:-4])).count(b"well") == 1

    within(scenario)


@pytest.mark.parametrize("before", [b"", GOOD], ids=["at once", "after a request"])
def test_a_live_socket_outlives_the_deadline_of_a_request(
    before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jcode_watcher.serving.aiohttp_door.WAIT_SECONDS_MAX", 0.5)

    async def scenario(app: Running) -> None:
        reader, writer = await asyncio.open_connection(*app.address)
        if before:
            writer.write(before)
            await reader.readuntil(b"well")
        writer.write(UPGRADES)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
        assert await asked(app.address, b"") == b""  # it came later, and its time is over
        writer.write(PING)
        assert await reader.readexactly(len(PONG)) == PONG
        writer.close()

    within(scenario)
