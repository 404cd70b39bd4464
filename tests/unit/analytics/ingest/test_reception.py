import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from jcode_watcher.analytics.errors import TooLarge, TooMany, TooSlow
from jcode_watcher.analytics.ingest.reception import Limits, Reception, deadline_seconds

LIMITS = Limits(
    bytes_max=100,
    seconds_max=60,
    grace_seconds=10,
    bytes_per_second_min=512,
    each_max=2,
    all_max=3,
    all_bytes_max=150,
)


async def chunks(*sizes: int, pause: float = 0) -> AsyncIterator[bytes]:
    for size in sizes:
        await asyncio.sleep(pause)
        yield b"x" * size


async def endless() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


def reception(**changes: Any) -> tuple[Reception, Counter[str]]:
    refused: Counter[str] = Counter()
    return Reception(LIMITS._replace(**changes), lambda reason: refused.update([reason])), refused


async def still(taken: Reception, senders: Iterable[str]) -> list[asyncio.Task[bytes]]:
    """Begin bodies that never go on."""
    tasks = [asyncio.create_task(taken.body(sender, endless())) for sender in senders]
    await asyncio.sleep(0)
    return tasks


async def end(tasks: list[asyncio.Task[bytes]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_body_is_received_up_to_its_limit() -> None:
    taken, _ = reception()
    assert asyncio.run(taken.body("a", chunks(*[10] * 10))) == b"x" * 100
    with pytest.raises(TooLarge, match="100 bytes"):
        asyncio.run(taken.body("a", chunks(*[10] * 11)))
    assert taken.bodies == 0


def test_a_body_that_rests_is_given_up_and_leaves_nothing_behind() -> None:
    taken, refused = reception(grace_seconds=0.05, all_bytes_max=100)
    with pytest.raises(TooSlow, match="send it again") as raised:
        asyncio.run(taken.body("a", chunks(90, 1, pause=0.3)))
    assert raised.value.retry_after_seconds == 2
    assert raised.value.status == 408
    assert refused == {"slow": 1}
    assert asyncio.run(taken.body("a", chunks(100))) == b"x" * 100


def test_a_slow_body_gets_through_as_long_as_it_goes_on() -> None:
    taken, _ = reception(grace_seconds=0.2, bytes_per_second_min=10)
    assert asyncio.run(taken.body("a", chunks(*[5] * 10, pause=0.1))) == b"x" * 50


def test_a_body_that_goes_on_for_ever_is_given_up() -> None:
    taken, _ = reception(seconds_max=0.2, bytes_per_second_min=1)
    with pytest.raises(TooSlow):
        asyncio.run(taken.body("a", chunks(*[1] * 100, pause=0.02)))


def test_patience_grows_with_what_came_up_to_its_limit() -> None:
    assert deadline_seconds(LIMITS, 0) == 10
    assert deadline_seconds(LIMITS, 512 * 20) == 30
    assert deadline_seconds(LIMITS, 10**9) == 60


def test_a_sender_of_many_bodies_is_in_nobodys_way_but_its_own() -> None:
    taken, refused = reception()

    async def scenario() -> None:
        resting = await still(taken, ["a", "a"])
        with pytest.raises(TooMany, match="2 bodies of yours"):
            await taken.body("a", chunks(1))
        assert await taken.body("b", chunks(1)) == b"x"
        await end(resting)
        assert await taken.body("a", chunks(1)) == b"x"

    asyncio.run(scenario())
    assert refused == {"sender_full": 1}


def test_all_bodies_together_are_bounded_in_number_and_in_bytes() -> None:
    taken, refused = reception()

    async def scenario() -> None:
        resting = await still(taken, ["a", "b", "c"])
        with pytest.raises(TooMany, match="3 bodies"):
            await taken.body("d", chunks(1))
        await end(resting)
        half = asyncio.create_task(taken.body("a", chunks(80, 1, pause=0.05)))
        await asyncio.sleep(0.07)
        with pytest.raises(TooMany, match="80 bytes"):
            await taken.body("b", chunks(80))
        assert len(await half) == 81

    asyncio.run(scenario())
    assert refused == {"full": 1, "memory": 1}
