"""Whatever the service or the way to it does, nothing is lost, doubled or disordered, and pauses are kept."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from tests.unit.agent.delivery.bench import (
    Bench,
    Trouble,
    answering,
    disconnect,
    refusal,
    run,
    store_and_disconnect,
)

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Stores


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
