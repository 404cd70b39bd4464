"""A root that goes away is said, and the time in which nobody watched it is in a gap."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.events.monitor import MonitorGap

if TYPE_CHECKING:
    from tests.journey.agent.conftest import AgentProcess, Service

POLL_SECONDS = 0.1


@pytest.mark.kernel
def test_the_gap_of_the_next_start_begins_where_the_root_was_last_seen(
    tmp_path: Path, service: "Service", start: Callable[..., "AgentProcess"]
) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    agent = start("--filemon", "--root", str(root))
    service.wait_for("monitor.started")
    root.rmdir()
    removed_at = time.time()
    root.mkdir()
    while agent.get("/livez")[0] == 200:
        time.sleep(POLL_SECONDS)
    said_at = time.time()
    agent.stop()
    agent = start("--filemon", "--root", str(root))

    gap = service.wait_for("monitor.gap", agent=1).body
    assert isinstance(gap, MonitorGap)
    since = datetime.fromisoformat(gap.since).timestamp()
    assert removed_at - 30 < since < said_at
    assert agent.stop() == 0


@pytest.mark.kernel
def test_a_root_that_goes_away_is_a_line_in_the_log(
    tmp_path: Path, start: Callable[..., "AgentProcess"]
) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    agent = start("--filemon", "--root", str(root))
    root.rmdir()
    while agent.get("/livez")[0] == 200:
        time.sleep(POLL_SECONDS)
    agent.stop()

    (line,) = [line for line in agent.said.splitlines() if "a root is watched no more" in line]
    assert json.loads(line)["reason"].startswith(f"{root} is not the folder any more ")
