import asyncio
from threading import Event, Thread

from jcode_watcher.lifecycle.handover import Handover

PATIENCE_SECONDS = 10


def put_five(handover: Handover) -> None:
    for _ in range(5):
        handover.put([b"a"])


def test_events_of_many_batches_arrive_in_order() -> None:
    async def scenario() -> list[bytes]:
        published: list[bytes] = []
        handover = Handover(asyncio.get_running_loop(), published.extend)
        for number in range(100):
            await asyncio.to_thread(handover.put, [b"%d" % number])
        handover.flush()
        return published

    assert asyncio.run(scenario()) == [b"%d" % number for number in range(100)]


def test_one_turn_of_the_loop_takes_all_that_has_arrived() -> None:
    async def scenario() -> list[list[bytes]]:
        published: list[list[bytes]] = []
        handover = Handover(asyncio.get_running_loop(), published.append)
        thread = Thread(target=put_five, args=[handover])
        thread.start()
        thread.join()
        await asyncio.sleep(0)
        return published

    assert asyncio.run(scenario()) == [[b"a"] * 5]


def test_the_thread_waits_while_the_loop_is_far_behind() -> None:
    async def scenario() -> None:
        handover = Handover(asyncio.get_running_loop(), lambda _: None, events_max=2)
        through = Event()

        def deliver() -> None:
            handover.put([b"a", b"b"])
            handover.put([b"c"])
            through.set()

        thread = Thread(target=deliver)
        thread.start()
        # The loop stands still here, so the second batch cannot be on its way.
        assert not through.wait(0.05)
        assert len(handover) == 2
        assert await asyncio.to_thread(through.wait, PATIENCE_SECONDS)
        thread.join()

    asyncio.run(scenario())


def test_nobody_waits_for_a_closed_handover() -> None:
    async def scenario() -> None:
        handover = Handover(asyncio.get_running_loop(), lambda _: None, events_max=1)
        thread = Thread(target=put_five, args=[handover])
        thread.start()
        handover.close()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()

    asyncio.run(scenario())
