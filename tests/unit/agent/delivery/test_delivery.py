"""Delivery against a real HTTP server that fails in every way it may."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest
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


def test_everything_is_delivered_once_in_order_with_the_token(stores: "Stores", tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        async def check(request: web.Request, _: list[str]) -> None:
            assert request.headers["Authorization"] == "Bearer secret"
            assert request.headers["Content-Encoding"] == "zstd"
            assert request.content_type == "application/json"

        bench.service.always = check
        ids = bench.keep(1_203)
        await bench.deliverer.deliver_all()
        assert bench.service.stored == ids
        assert bench.service.requests == 3
        assert bench.deliverer.delivered == 1_203
        assert bench.store.level.events == 0

    run(stores, tmp_path, test)


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


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (answering(500), "http_500"),
        (answering(502, "<html>"), "http_502"),
        (answering(503), "http_503"),
        (answering(404), "http_404"),
        (answering(301, ""), "http_301"),
        (answering(400, "<html>a proxy says no"), "http_400"),
        (answering(200, "welcome to this hotel's network"), "bad_receipt"),
        (answering(200, '{"batch_id": "another", "stored": 0, "repeated": 0}'), "bad_receipt"),
        (answering(204, ""), "http_204"),
        (answering(401), "unauthorized"),
        (answering(403), "unauthorized"),
        (disconnect, "connection"),
        (store_and_disconnect, "connection"),
    ],
)
def test_nothing_is_lost_doubled_or_disordered_by_trouble(
    stores: "Stores", tmp_path: Path, trouble: Trouble, reason: str
) -> None:
    async def test(bench: Bench) -> None:
        ids = bench.keep(25)
        bench.service.troubles = [trouble, trouble, answering(503), trouble]
        await bench.deliverer.deliver_all()
        assert bench.service.stored == ids
        assert bench.aside() == {}
        expected = Counter({reason: 3}) + Counter({"http_503": 1})
        assert bench.deliverer.retries == expected
        assert len(set(bench.service.batches[:5])) == 1

    run(stores, tmp_path, test, events_max=10)


def test_pauses_grow_to_their_limit_and_begin_anew(stores: "Stores", tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        bench.keep(2)
        bench.service.troubles = [answering(500)] * 10
        await bench.deliverer.deliver_all()
        assert bench.slept == [pytest.approx(min(30.0, 0.2 * 2**n)) for n in range(10)]
        bench.service.troubles = [answering(500)]
        bench.keep(1)
        await bench.deliverer.deliver_all()
        assert bench.slept[-1] == pytest.approx(0.2)

    run(stores, tmp_path, test)


def test_it_waits_as_long_as_it_is_asked_to(stores: "Stores", tmp_path: Path) -> None:
    async def busy(_: web.Request, __: list[str]) -> web.Response:
        return refusal(429, **{"Retry-After": "7"})

    async def absurd(_: web.Request, __: list[str]) -> web.Response:
        return refusal(503, **{"Retry-After": "999999"})

    async def test(bench: Bench) -> None:
        bench.keep(1)
        bench.service.troubles = [busy, absurd]
        await bench.deliverer.deliver_all()
        assert bench.slept == [7.0, 300.0]

    run(stores, tmp_path, test)


def test_a_batch_that_is_too_large_is_halved(stores: "Stores", tmp_path: Path) -> None:
    async def small_only(_: web.Request, ids: list[str]) -> web.Response | None:
        return refusal(413) if len(ids) > 3 else None

    async def test(bench: Bench) -> None:
        ids = bench.keep(20)
        bench.service.always = small_only
        await bench.deliverer.deliver_all()
        assert bench.service.stored == ids
        assert bench.aside() == {}

    run(stores, tmp_path, test)


@pytest.mark.parametrize("status", [400, 413])
def test_an_event_that_is_to_blame_is_set_aside_and_no_other(
    stores: "Stores", tmp_path: Path, status: int
) -> None:
    async def choosy(_: web.Request, ids: list[str]) -> web.Response | None:
        return refusal(status, "event a1.13 is odd") if "a1.13" in ids else None

    async def test(bench: Bench) -> None:
        ids = bench.keep(40)
        bench.service.always = choosy
        await bench.deliverer.deliver_all()
        assert bench.service.stored == [event_id for event_id in ids if event_id != "a1.13"]
        assert bench.aside() == {"a1.13": "event a1.13 is odd"}
        assert bench.deliverer.quarantined == 1
        assert bench.store.level.events == 0

    run(stores, tmp_path, test)


def test_rejected_events_are_set_aside_with_the_services_reason(stores: "Stores", tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        ids = bench.keep(10)
        bench.service.rejects = {"a1.2", "a1.7"}
        await bench.deliverer.deliver_all()
        assert bench.service.stored == [event_id for event_id in ids if event_id not in {"a1.2", "a1.7"}]
        assert bench.aside() == {"a1.2": "bad kind", "a1.7": "bad kind"}
        assert (bench.deliverer.delivered, bench.deliverer.quarantined) == (8, 2)

    run(stores, tmp_path, test)


def test_a_refused_token_rests_and_is_read_anew(stores: "Stores", tmp_path: Path) -> None:
    async def only_new(request: web.Request, _: list[str]) -> web.Response | None:
        if request.headers["Authorization"] == "Bearer new":
            return None
        assert bench_refusal() is None or "401" in str(bench_refusal())
        (tmp_path / "token").write_text("new")
        return refusal(401, "unknown token")

    benches: list[Bench] = []

    def bench_refusal() -> str | None:
        return benches[0].deliverer.refusal

    async def test(bench: Bench) -> None:
        benches.append(bench)
        ids = bench.keep(1)
        bench.service.always = only_new
        await bench.deliverer.deliver_all()
        assert bench.service.stored == ids
        assert bench.slept == [15.0]
        assert bench.deliverer.refusal is None

    run(stores, tmp_path, test)


def test_a_missing_token_file_is_a_reason_to_wait(stores: "Stores", tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        ids = bench.keep(1)
        (tmp_path / "token").unlink()

        async def put_back(_: float) -> None:
            (tmp_path / "token").write_text("secret")

        bench.deliverer._sleep = put_back
        await bench.deliverer.deliver_all()
        assert bench.service.stored == ids

    run(stores, tmp_path, test)


def test_what_is_spooled_is_delivered_at_once_when_woken(stores: "Stores", tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        arrived = asyncio.Event()

        async def note(_: web.Request, __: list[str]) -> None:
            arrived.set()

        bench.service.always = note
        running = asyncio.create_task(bench.deliverer.run())
        for _ in range(3):
            ids = bench.keep(1)
            bench.deliverer.wake()
            await asyncio.wait_for(arrived.wait(), 5)
            arrived.clear()
            assert bench.service.stored[-1:] == ids
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    run(stores, tmp_path, test)


def test_what_comes_during_a_delivery_follows_it(stores: "Stores", tmp_path: Path) -> None:
    async def test(bench: Bench) -> None:
        late: list[str] = []

        async def keep_more(_: web.Request, __: list[str]) -> None:
            late.extend(await asyncio.to_thread(bench.keep, 5))

        ids = bench.keep(5)
        bench.service.troubles = [keep_more]
        await bench.deliverer.deliver_all()
        assert bench.service.stored == ids + late

    run(stores, tmp_path, test)
