"""The committer with a twin of the writer that keeps events in memory."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, cast

import pytest

from jcode_watcher.analytics.errors import StoreFailed
from jcode_watcher.analytics.ingest.check import CheckedBatch
from jcode_watcher.analytics.ingest.committer import Committed, Committer
from jcode_watcher.analytics.store import EventRow, NewEvent

if TYPE_CHECKING:
    from jcode_watcher.analytics.store.writer import Writer


class Memory:
    """A writer whose disk can be held up or broken."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.commits: list[int] = []
        self.failure: Exception | None = None
        self.free = threading.Event()
        self.free.set()
        self.entered = threading.Event()
        self.probed = threading.Event()

    def commit(self, events: Sequence[NewEvent]) -> list[bool]:
        self.entered.set()
        self.free.wait(10)
        if self.failure is not None:
            raise self.failure
        self.commits.append(len(events))
        new = []
        for event in events:
            new.append(event.row.id not in self.ids)
            self.ids += [event.row.id] * new[-1]
        return new

    def probe(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.probed.set()


def batch(*ids: str) -> CheckedBatch:
    rows = [EventRow(time=0, agent="a", seq=1, id=i, node="n", kind="a.b", envelope="{}") for i in ids]
    return CheckedBatch("b", [NewEvent(row, None) for row in rows], [], 0)


def with_committer(memory: Memory, act: Callable[[Committer], Awaitable[None]]) -> list[Committed]:
    """Act on a running committer; give what it told."""
    told: list[Committed] = []

    async def run() -> None:
        committer = Committer(cast("Writer", memory), told.append)
        committer.start()
        assert committer.dead() is None
        try:
            await act(committer)
        finally:
            await asyncio.to_thread(committer.stop)
        assert committer.dead() is not None

    asyncio.run(run())
    return told


def test_each_batch_gets_its_own_count() -> None:
    memory = Memory()

    async def act(committer: Committer) -> None:
        batches = (batch("1", "2"), batch("2", "3"), batch("3"))
        assert list(await asyncio.gather(*map(committer.store, batches))) == [2, 1, 0]

    told = with_committer(memory, act)
    assert [row.id for commit in told for row in commit.stored] == ["1", "2", "3"]


def test_batches_that_wait_are_committed_together() -> None:
    memory = Memory()
    memory.free.clear()

    async def act(committer: Committer) -> None:
        first = asyncio.create_task(committer.store(batch("0")))
        await asyncio.to_thread(memory.entered.wait, 10)
        rest = [asyncio.create_task(committer.store(batch(str(n)))) for n in range(1, 20)]
        await asyncio.sleep(0)
        memory.free.set()
        assert await first == 1
        assert sum(await asyncio.gather(*rest)) == 19

    with_committer(memory, act)
    assert memory.commits == [1, 19]


@pytest.mark.parametrize("failure", [StoreFailed("disk full"), KeyError("our own fault")])
def test_a_failure_is_told_to_every_sender_and_the_next_batch_may_work(failure: Exception) -> None:
    memory = Memory()
    memory.failure = failure

    async def act(committer: Committer) -> None:
        results = await asyncio.gather(
            committer.store(batch("1")), committer.store(batch("2")), return_exceptions=True
        )
        assert all(isinstance(result, StoreFailed) for result in results)
        assert committer.failure is not None
        memory.failure = None
        assert await committer.store(batch("1")) == 1
        assert committer.failure is None

    with_committer(memory, act)


def test_a_store_that_fails_is_tried_again_without_a_batch() -> None:
    memory = Memory()
    memory.failure = StoreFailed("disk full")

    async def act(committer: Committer) -> None:
        with pytest.raises(StoreFailed, match="disk full"):
            await committer.store(batch("1"))
        memory.failure = None
        assert await asyncio.to_thread(memory.probed.wait, 20)
        assert await committer.store(batch()) == 0
        assert committer.failure is None

    with_committer(memory, act)
    assert memory.commits == [0]


def test_what_waits_at_the_end_is_committed() -> None:
    memory = Memory()
    waiting: list[asyncio.Task[int]] = []

    async def act(committer: Committer) -> None:
        waiting.extend(asyncio.create_task(committer.store(batch(str(n)))) for n in range(5))
        await asyncio.sleep(0)

    with_committer(memory, act)
    assert sorted(memory.ids) == list("01234")
