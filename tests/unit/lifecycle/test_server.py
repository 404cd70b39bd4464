from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest
from aiohttp import WSMsgType, WSServerHandshakeError
from websockets.asyncio.client import ClientConnection, connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.unit.lifecycle.conftest import Run, Running

    from jcode_watcher.procmon.facts import Executed, Exited

    Facts = Callable[[int], list[Executed]]

PATIENCE_SECONDS = 10
OWN_HOST, OWN_ORIGIN = "localhost:8080", "http://localhost:8080"


def test_a_client_gets_each_event_in_a_text_frame(
    run: Run, facts: Facts, exited: Callable[..., Exited]
) -> None:
    async def scenario() -> None:
        async with run() as app, app.http.ws_connect("/ws") as client:
            await asyncio.to_thread(app.tracer.deliver, [*facts(2), exited(pid=1)])
            told = [json.loads(await client.receive_str()) for _ in range(3)]
        assert [(one["type"], one["pid"]) for one in told] == [("EXEC", 1), ("EXEC", 2), ("EXIT", 1)]

    asyncio.run(scenario())


def test_all_clients_get_all_events_in_order(run: Run, facts: Facts) -> None:
    async def scenario() -> None:
        async with run() as app:
            clients = [await app.http.ws_connect("/ws") for _ in range(5)]
            for start in range(0, 3_000, 300):
                await asyncio.to_thread(app.tracer.deliver, facts(3_000)[start : start + 300])
            for client in clients:
                pids = [json.loads(await client.receive_str())["pid"] for _ in range(3_000)]
                assert pids == list(range(1, 3_001))
                await client.close()

    asyncio.run(scenario())


def test_frames_are_not_compressed(run: Run) -> None:
    async def scenario() -> None:
        async with run() as app, app.http.ws_connect("/ws", compress=15) as client:
            assert client.compress == 0

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        (OWN_HOST, None, 101),
        ("127.0.0.1:8080", None, 101),
        ("[::1]:8080", None, 101),
        (OWN_HOST, OWN_ORIGIN, 101),
        ("monitor.example.org", None, 101),
        ("monitor.example.org", "http://monitor.example.org", 101),
        (OWN_HOST, "https://ide.example.org", 101),
        (OWN_HOST, "http://localhost:9999", 403),
        (OWN_HOST, "https://evil.example", 403),
        (OWN_HOST, "null", 403),
        ("evil.example", None, 403),
        ("evil.example", "http://evil.example", 403),
        ("localhost.evil.example", None, 403),
        ("", None, 403),
    ],
)
def test_only_its_own_pages_and_programs_of_this_machine_may_connect(
    run: Run, host: str, origin: str | None, status: int
) -> None:
    headers = {"Host": host} | ({"Origin": origin} if origin else {})

    async def scenario() -> int:
        settings = {"allowed_host": ("monitor.example.org",), "allowed_origin": ("https://ide.example.org",)}
        async with run(**settings) as app:
            try:
                async with app.http.ws_connect("/ws", headers=headers):
                    return 101
            except WSServerHandshakeError as refusal:
                return refusal.status

    assert asyncio.run(scenario()) == status


@pytest.mark.parametrize("path", ["/", "/livez", "/healthz", "/readyz", "/metrics", "/ws", "/nothing"])
def test_a_foreign_host_name_gets_no_page_at_all(run: Run, path: str) -> None:
    async def scenario() -> None:
        async with run() as app, app.http.get(path, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
            assert await answer.text() == (
                "Host 'evil.example' is not a name of this server; use a loopback name or configure it"
            )

    asyncio.run(scenario())


def test_a_slow_client_is_told_how_many_it_missed_where_they_are_missing(run: Run, facts: Facts) -> None:
    """The client really does not read: its socket's window is full, and so is everything behind it."""
    sent = [msgspec.structs.replace(fact, argv=(b"x" * 4_000,)) for fact in facts(1_000)]

    async def scenario() -> None:
        async with run(client_queue_max=100) as app, stalled_client(app) as slow:
            fast = await app.http.ws_connect("/ws")
            for fact in sent:
                await asyncio.to_thread(app.tracer.deliver, [fact])
                assert json.loads(await fast.receive_str())["pid"] == fact.pid
            assert app.monitor.figures().missed["client"] > 0
            assert await holes_in(slow, last=1_000) == app.monitor.figures().missed["client"]

    asyncio.run(scenario())


@asynccontextmanager
async def stalled_client(app: Running) -> AsyncIterator[ClientConnection]:
    """Connect a client that reads no more than one frame ahead, through a small window."""
    plug = socket.socket()
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    plug.connect(("127.0.0.1", app.http.port))
    async with connect(f"ws://127.0.0.1:{app.http.port}/ws", sock=plug, max_queue=1) as client:
        yield client


async def holes_in(client: ClientConnection, last: int) -> int:
    """Read to the last event; every number is there, or counted by a MISSED that stands in its place."""
    expected, missed = 1, 0
    while expected <= last:
        told = json.loads(await client.recv())
        if told["type"] == "MISSED":
            expected += told["count"]
            missed += told["count"]
        else:
            assert told["pid"] == expected
            expected += 1
    return missed


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 (a client that goes signals nothing)
            await asyncio.sleep(0.01)


def test_one_client_too_many_is_turned_away_until_another_leaves(run: Run, facts: Facts) -> None:
    async def scenario() -> None:
        async with run(clients_max=2) as app:
            first = await app.http.ws_connect("/ws")
            await app.http.ws_connect("/ws")
            with pytest.raises(WSServerHandshakeError) as refusal:
                await app.http.ws_connect("/ws")
            assert refusal.value.status == 503
            await first.close()
            await until(lambda: app.monitor.figures().clients == 1)
            third = await app.http.ws_connect("/ws")
            await asyncio.to_thread(app.tracer.deliver, facts(1))
            assert json.loads(await third.receive_str())["pid"] == 1
            assert app.monitor.figures().clients_refused == 1

    asyncio.run(scenario())


def test_what_a_client_says_is_ignored_if_it_is_short(run: Run, facts: Facts) -> None:
    async def scenario() -> None:
        async with run() as app, app.http.ws_connect("/ws") as client:
            for _ in range(50):
                await client.send_str("hello")
            await client.ping(b"are you there")
            await asyncio.to_thread(app.tracer.deliver, facts(1))
            assert json.loads(await client.receive_str())["pid"] == 1
            await client.send_str("x" * 2_000)
            assert (await client.receive()).type is WSMsgType.CLOSE
            assert client.close_code == 1009

    asyncio.run(scenario())


def test_a_client_that_leaves_is_forgotten(run: Run) -> None:
    async def scenario() -> None:
        async with run() as app:
            client = await app.http.ws_connect("/ws")
            assert app.monitor.figures().clients == 1
            await client.close()
            await until(lambda: app.monitor.figures().clients == 0)

    asyncio.run(scenario())


def test_a_client_that_vanishes_without_a_word_is_forgotten(run: Run, facts: Facts) -> None:
    async def scenario() -> None:
        async with run() as app:
            client = await connect(f"ws://127.0.0.1:{app.http.port}/ws")
            client.transport.abort()
            await asyncio.to_thread(app.tracer.deliver, facts(10))
            await until(lambda: app.monitor.figures().clients == 0)

    asyncio.run(scenario())


def test_the_page_runs_its_own_script_and_no_other(run: Run) -> None:
    async def scenario() -> None:
        async with run() as app, app.http.get("/") as answer:
            page = await answer.read()
            policy = answer.headers["Content-Security-Policy"]
        for tag in ("script", "style"):
            (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert b"innerHTML" not in page

    asyncio.run(scenario())


def test_ready_means_that_processes_are_traced(run: Run) -> None:
    async def scenario() -> None:
        async with run() as app:
            async with app.http.get("/readyz") as answer:
                assert (answer.status, await answer.json()) == (200, {"tracing": "ok"})
            await app.monitor.stop()
            async with app.http.get("/readyz") as answer:
                assert (answer.status, await answer.json()) == (503, {"tracing": "stopping"})
            for path in ("/livez", "/healthz"):
                async with app.http.get(path) as answer:
                    assert answer.status == 200

    asyncio.run(scenario())


def test_metrics_count_each_stage(run: Run, facts: Facts) -> None:
    async def scenario() -> str:
        async with run() as app, app.http.ws_connect("/ws") as client:
            await asyncio.to_thread(app.tracer.deliver, facts(3))
            await client.receive_str()
            async with app.http.get("/metrics") as answer:
                return await answer.text()

    text = asyncio.run(scenario())
    for line in [
        'jcode_watcher_lifecycle_events_total{type="EXEC"} 3.0',
        'jcode_watcher_lifecycle_traced_events_total{stage="seen"} 7.0',
        'jcode_watcher_lifecycle_traced_events_total{stage="filtered"} 3.0',
        'jcode_watcher_lifecycle_missed_events_total{reader="client"} 0.0',
        'jcode_watcher_lifecycle_missed_events_total{reader="stdout"} 0.0',
        "jcode_watcher_lifecycle_programs 2.0",
        "jcode_watcher_lifecycle_clients 1.0",
        "jcode_watcher_lifecycle_clients_refused_total 0.0",
        "jcode_watcher_lifecycle_queue_events 0.0",
    ]:
        assert line in text.splitlines()


def test_the_prefixes_reach_the_tracer(run: Run) -> None:
    async def scenario() -> None:
        async with run(hostname_prefix=("a-", "b-")) as app:
            assert app.tracer.hostname_prefixes == ("a-", "b-")

    asyncio.run(scenario())
