"""What no server can be made to do; tests/journey/agent/pods has a real one."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.pods.account import Account
from jcode_watcher.agent.pods.api import PodsApi
from jcode_watcher.agent.pods.following import PodFollower
from jcode_watcher.agent.pods.table import PodTable
from jcode_watcher.agent.pods.wire import Page


class Faulty(PodsApi):
    """Has a fault of its own, not of the network."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self._asked_times = 0

    async def page(self, *, version: str | None, continuing: str) -> Page:
        self._asked_times += 1
        if self._asked_times == 3:
            self.asked.set()
        raise RuntimeError(version, continuing)


def test_a_fault_of_the_agents_own_ends_neither_the_agent_nor_the_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def followed() -> PodFollower:
        api = Faulty()
        follower = PodFollower(api, PodTable(lambda: 0.0), (), Backoff(0.001, lambda: 0.0))
        running = asyncio.create_task(follower.run())
        await asyncio.wait_for(api.asked.wait(), 10)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return follower

    follower = asyncio.run(followed())

    assert follower.errors["fault"] >= 2
    assert "RuntimeError" in capsys.readouterr().out


@pytest.mark.parametrize(("url", "sent"), [("https://h", "Bearer secret"), ("http://h", None)])
def test_a_token_does_not_travel_in_the_clear(tmp_path: Path, url: str, sent: str | None) -> None:
    (tmp_path / "token").write_text("secret")

    async def headers() -> dict[str, str]:
        async with aiohttp.ClientSession() as session:
            return PodsApi(session, url, Account(tmp_path), "n")._headers("application/json")

    assert asyncio.run(headers()).get("Authorization") == sent
