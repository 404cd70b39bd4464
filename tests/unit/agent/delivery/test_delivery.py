"""Delivery against a real HTTP server that fails in every way it may."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from tests.unit.agent.delivery.bench import (
    Bench,
    refusal,
    run,
)

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Stores


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
