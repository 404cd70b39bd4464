"""A service account's folder, a twin of the API server that knows it, and one who follows its pods."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import aiohttp
import pytest
from tests.journey.agent.pods.twin import NODE, Twin

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.pods.account import Account
from jcode_watcher.agent.pods.api import PodsApi
from jcode_watcher.agent.pods.following import PodFollower
from jcode_watcher.agent.pods.table import PodTable

Clock = Callable[[], float]


@pytest.fixture
def account(tmp_path: Path) -> Path:
    folder = tmp_path / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text("first")
    return folder


@pytest.fixture
def twin(account: Path) -> Iterator[Twin]:
    twin = Twin(account)
    yield twin
    twin.close()


class Following:
    """A follower in a loop and thread of its own."""

    def __init__(self, url: str, account: Path, clock: Clock = monotonic, pause_seconds: float = 0.1) -> None:
        self.table = PodTable(clock)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.follower: PodFollower
        self._task = asyncio.run_coroutine_threadsafe(self._run(url, account, pause_seconds), self._loop)

    async def _run(self, url: str, account: Path, pause_seconds: float) -> None:
        async with aiohttp.ClientSession() as session:
            api = PodsApi(session, url, Account(account), NODE)
            backoff = Backoff(pause_seconds, lambda: 1.0)
            self.follower = PodFollower(api, self.table, ("group",), backoff)
            await self.follower.run()

    def name(self, uid: str) -> str | None:
        pod = self.table.find(uid)
        return pod.name if pod else None

    def errors(self, reason: str) -> int:
        return self.follower.errors[reason] if hasattr(self, "follower") else 0

    @property
    def connected(self) -> bool:
        return hasattr(self, "follower") and self.follower.connected

    def end(self) -> None:
        self._task.cancel()
        self._loop.call_soon_threadsafe(lambda: None)
        asyncio.run_coroutine_threadsafe(drained(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def drained() -> None:
    """Wait until every other task has ended, and the sockets are closed, which takes TLS some turns."""
    loop = asyncio.get_running_loop()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
    await loop.shutdown_asyncgens()
    # Its own wake-up remains.
    while len(loop._selector.get_map()) > 1:  # type: ignore[attr-defined]  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.001)


@pytest.fixture
def follow(twin: Twin, account: Path) -> Iterator[Callable[..., Following]]:
    with ExitStack() as stack:

        def begin(**options: object) -> Following:
            following = Following(twin.url, account, **options)  # type: ignore[arg-type] # its own
            stack.callback(following.end)
            return following

        yield begin
