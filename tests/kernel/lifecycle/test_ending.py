from __future__ import annotations

import asyncio
import base64
import json
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.lifecycle.conftest import Monitor

    Start = Callable[..., Monitor]
    RunAs = Callable[[str], int]

pytestmark = pytest.mark.kernel
END_SECONDS_MAX = 2.0
CLIENTS = 50
PATIENCE_SECONDS = 30


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_two_seconds_with_clients_that_read_and_one_that_does_not(
    monitor: Start, run_as: RunAs, number: int
) -> None:
    running = monitor("--no-stdout") if number == signal.SIGINT else monitor()

    async def scenario() -> tuple[int, float]:
        clients = [await connect(f"ws://{running.address}/ws") for _ in range(CLIENTS - 1)]
        stalled = connect_without_reading(running.address)
        readers = [asyncio.create_task(read_until(client, "/bin/echo")) for client in clients]
        # About 2 MB: more than the kernel and the monitor's transport hold for the client that stalls.
        script = "x=$(printf %03000d 0); i=0; while [ $i -lt 300 ]; do /bin/true $x; i=$((i+1)); done"
        await asyncio.to_thread(run_as, f"{script}; /bin/echo")
        await asyncio.gather(*readers)
        leaving = [asyncio.create_task(read_until(client, None)) for client in clients]
        ended = await asyncio.to_thread(running.end, number)
        await asyncio.gather(*leaving)
        assert {client.close_code for client in clients} == {1001}
        stalled.close()
        return ended

    status, seconds = asyncio.run(scenario())
    assert status == 0
    assert seconds < END_SECONDS_MAX


async def read_until(client: ClientConnection, program: str | None) -> None:
    """Read until a program ends, or until the monitor closes the connection."""
    with suppress(ConnectionClosed):
        async for text in client:
            if (told := json.loads(text))["type"] == "EXIT" and told["argv"] == [program]:
                return


def connect_without_reading(address: str) -> socket.socket:
    """Give a connection that asked for the WebSocket, with a small window, and will never read."""
    host, _, port = address.rpartition(":")
    plug = socket.socket()
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    plug.connect((host, int(port)))
    key = base64.b64encode(bytes(16)).decode()
    plug.sendall(
        f"GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return plug


def test_it_ends_in_order_when_the_reader_of_stdout_has_had_enough(monitor: Start, run_as: RunAs) -> None:
    running = monitor()
    assert running.process.stdout
    running.process.stdout.close()
    run_as("/bin/true")
    assert running.process.wait(PATIENCE_SECONDS) == 0


def test_without_stdout_nothing_is_printed(monitor: Start, run_as: RunAs) -> None:
    quiet = monitor("--no-stdout")
    run_as("/bin/true")
    assert quiet.process.stdout
    assert quiet.end()[0] == 0
    assert quiet.process.stdout.read() == b""
