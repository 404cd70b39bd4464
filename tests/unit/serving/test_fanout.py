"""One publisher, many readers."""

import asyncio

from jcode_watcher.serving import Fanout, Missed


def test_every_reader_gets_every_item_in_order() -> None:
    async def scene() -> list[list[int | Missed]]:
        fanout: Fanout[int] = Fanout(queue_max=10)
        readers = [fanout.subscribe(), fanout.subscribe()]
        fanout.publish([1, 2])
        fanout.publish([3])
        return [await reader.take(10) for reader in readers]

    assert asyncio.run(scene()) == [[1, 2, 3], [1, 2, 3]]


def test_a_slow_reader_is_told_how_much_it_missed_where_it_is_missing() -> None:
    async def scene() -> tuple[list[int | Missed], int]:
        fanout: Fanout[int] = Fanout(queue_max=3)
        reader = fanout.subscribe()
        fanout.publish(range(10))
        return await reader.take(10), fanout.missed_total

    assert asyncio.run(scene()) == ([Missed(7), 7, 8, 9], 7)


def test_a_reader_gets_only_what_it_wants() -> None:
    async def scene() -> list[int | Missed]:
        fanout: Fanout[int] = Fanout(queue_max=3)
        reader = fanout.subscribe(lambda n: n % 2 == 0)
        fanout.publish(range(6))
        return await reader.take(10)

    assert asyncio.run(scene()) == [0, 2, 4]


def test_a_waiting_reader_wakes() -> None:
    async def scene() -> list[int | Missed]:
        fanout: Fanout[int] = Fanout(queue_max=3)
        reader = fanout.subscribe()
        waiting = asyncio.create_task(reader.take(10))
        await asyncio.sleep(0)
        fanout.publish([5])
        return await waiting

    assert asyncio.run(scene()) == [5]


def test_a_closed_publisher_ends_its_readers_after_what_was_queued() -> None:
    async def scene() -> list[list[int | Missed]]:
        fanout: Fanout[int] = Fanout(queue_max=3)
        reader = fanout.subscribe()
        fanout.publish([1])
        fanout.close()
        return [await reader.take(10), await reader.take(10)]

    assert asyncio.run(scene()) == [[1], []]


def test_a_reader_that_left_costs_nothing() -> None:
    async def scene() -> int:
        fanout: Fanout[int] = Fanout(queue_max=3)
        fanout.unsubscribe(fanout.subscribe())
        fanout.publish([1])
        return len(fanout)

    assert asyncio.run(scene()) == 0
