"""Delivery against a real HTTP server that fails in every way it may."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import zstandard
from aiohttp import web

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.delivery.delivery import Deliverer, Limits
from jcode_watcher.agent.delivery.sinks import SINKS
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.events import Receipt, RejectedEvent, decode_batch, decode_event
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000
Trouble = Callable[[web.Request, list[str]], Awaitable[web.Response | None]]


def refusal(status: int, error: str = "no", **headers: str) -> web.Response:
    return web.json_response({"error": error}, status=status, headers=headers)


class Service:
    """Stores ids in the order in which they come, unless the test has trouble in store."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.always: Trouble | None = None
        self.stored: list[str] = []
        self.requests = 0
        self.batches: list[str] = []
        self.rejects: set[str] = set()

    async def take(self, request: web.Request) -> web.Response:
        self.requests += 1
        text = zstandard.ZstdDecompressor().decompress(await request.read())
        batch = decode_batch(text)
        ids = [decode_event(raw).id for raw in batch.events]
        self.batches.append(batch.batch_id)
        trouble = self.troubles.pop(0) if self.troubles else self.always
        refused = await trouble(request, ids) if trouble else None
        return refused or self.store(batch.batch_id, ids)

    def store(self, batch_id: str, ids: list[str]) -> web.Response:
        good = [event_id for event_id in ids if event_id not in self.rejects]
        new = [event_id for event_id in good if event_id not in self.stored]
        self.stored += new
        bad = [
            RejectedEvent(index=i, id=n, reason="bad kind") for i, n in enumerate(ids) if n in self.rejects
        ]
        receipt = Receipt(batch_id=batch_id, stored=len(new), repeated=len(good) - len(new), rejected=bad)
        return web.json_response(body=msgspec.json.encode(receipt))


class Bench:
    def __init__(self, store: "Store", service: Service, deliverer: Deliverer, slept: list[float]) -> None:
        self.store = store
        self.service = service
        self.deliverer = deliverer
        self.slept = slept

    def keep(self, count: int, letters: int = 0) -> list[str]:
        before = self.store.spool.seq
        self.store.spool.keep([Draft(AT, None, MonitorStopped(reason="x" * letters))] * count, AT)
        return [f"a1.{number}" for number in range(before + 1, before + count + 1)]

    def aside(self) -> dict[str, str]:
        return dict(self.store.database.execute("SELECT id, reason FROM quarantine").fetchall())


@asynccontextmanager
async def bench_of(stores: "Stores", folder: Path, events_max: int = 500) -> AsyncIterator[Bench]:
    service = Service()
    application = web.Application(client_max_size=1 << 24)
    application.router.add_post("/v1/batches", service.take)
    # The service checks the length while it unpacks; here the test unpacks.
    runner = web.AppRunner(application, shutdown_timeout=0.1, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    (folder / "token").write_text("secret\n")
    store = stores.open()
    try:
        with ThreadPoolExecutor(1) as executor:
            async with aiohttp.ClientSession() as session:
                host, port = runner.addresses[0][:2]
                sink = SINKS["service"](session, f"http://{host}:{port}/", folder / "token", executor)
                limits = Limits(events_max, 4 << 20, 15.0)
                backoff = Backoff(30.0, lambda: 1.0)
                deliverer = Deliverer(store.outbox, sink, limits, backoff, executor, sleep)
                yield Bench(store, service, deliverer, slept)
    finally:
        await runner.cleanup()


def run(
    stores: "Stores", folder: Path, test: Callable[[Bench], Awaitable[Any]], *, events_max: int = 500
) -> None:
    async def inner() -> None:
        async with bench_of(stores, folder, events_max) as bench:
            await asyncio.wait_for(test(bench), 30)

    asyncio.run(inner())


async def disconnect(request: web.Request, _: list[str]) -> None:
    assert request.transport is not None
    request.transport.close()


async def store_and_disconnect(request: web.Request, ids: list[str]) -> None:
    service: Service = request.match_info.handler.__self__  # type: ignore[attr-defined]
    service.store("lost", ids)
    assert request.transport is not None
    request.transport.close()


def answering(status: int, text: str = '{"error": "no"}') -> Trouble:
    async def answer(_: web.Request, __: list[str]) -> web.Response:
        return web.Response(status=status, text=text, content_type="application/json")

    return answer
