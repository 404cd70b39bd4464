"""An agent that is ended amid more than it can follow: what it left is in the gap of the next start."""

import asyncio
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import aiohttp
import pytest
from structlog.testing import capture_logs

from jcode_watcher.agent.agent import Agent
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.events.moment import moment
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.filemon import capture

if TYPE_CHECKING:
    from tests.journey.agent.conftest import Service

STORM = """
import os
while True:
    os.rename("d", "e")
    os.rename("e", "d")
"""
STORM_SECONDS = 0.5


def test_what_was_heard_and_not_followed_before_an_end_is_in_the_gap_of_the_next_start(
    service: "Service", tmp_path: Path, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "root" / "os-1-1"
    (workspace / "d").mkdir(parents=True)
    settings = AgentSettings(
        server=service.url,
        token_file=token_file,
        state=tmp_path / "state",
        root=(tmp_path / "root",),
        node="node-1",
        procmon=False,
    )
    monkeypatch.setattr(capture, "END_SECONDS", 0.0)
    with capture_logs() as said, subprocess.Popen([sys.executable, "-c", STORM], cwd=workspace) as storm:
        try:
            asked_ns = asyncio.run(run(settings, STORM_SECONDS))
        finally:
            storm.kill()
    asyncio.run(run(settings, 0.0))

    assert [line["log_level"] for line in said if "left to the next start" in line["event"]] == ["warning"]
    gap = service.wait_for("monitor.gap", 1).body
    assert isinstance(gap, MonitorGap)
    assert (gap.stage, gap.reason) == ("agent", "not_running")
    assert gap.since < moment(asked_ns)


def test_a_start_is_stated_though_its_end_came_before_all_was_compared(
    service: "Service", tmp_path: Path, token_file: Path
) -> None:
    (tmp_path / "root").mkdir()
    settings = AgentSettings(
        server=service.url,
        token_file=token_file,
        state=tmp_path / "state",
        root=(tmp_path / "root",),
        procmon=False,
    )
    asyncio.run(run(settings, 0.0, states=False))
    assert service.kinds() == ["monitor.started", "monitor.stopped"]


async def run(settings: AgentSettings, seconds: float, *, states: bool = True) -> int:
    """Let an agent look for so long, and give the time at which it was asked to end."""
    async with aiohttp.ClientSession() as session:
        with ExitStack() as ending:
            agent = Agent(settings, session, ending)
            await agent.start()
            if states:
                await agent.state_start()
            await asyncio.sleep(seconds)
            asked_ns = time_ns()
            await agent.stop("the test is over")
    return asked_ns
