"""Agents that come and go while programs run: with pins nothing is lost, and nothing is told twice."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.kernel.agent.node import LOAD, other
from tests.kernel.agent.program import SECONDS_MAX

if TYPE_CHECKING:
    from tests.kernel.agent.node import Node

pytestmark = pytest.mark.kernel

KILLS = 20 if os.environ.get("JCODE_WATCHER_LONG_TESTS") == "1" else 5
KILL_SECONDS = (0.0, 1.2)
"""After an agent is ready, in which it is killed: while it catches up, or later."""
AWAY_SECONDS = (0.0, 0.4)
WORDS_BYTES = 3_500
OVERFLOWING = 3_000
"""Programs with so long an argument are more than the ring holds."""
NEXT = pytest.mark.parametrize("options", [(), other(1)], ids=["same options", "other options"])
"""Who comes next takes up what is in the kernel, or succeeds it."""


def test_an_agent_that_is_killed_again_and_again_loses_nothing_and_tells_nothing_twice(node: "Node") -> None:
    chosen = random.Random(1)
    agent = node.start()
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    load = node.load()
    for _ in range(KILLS):
        time.sleep(chosen.uniform(*KILL_SECONDS))
        agent.kill()
        time.sleep(chosen.uniform(*AWAY_SECONDS))
        agent = node.start()
    ran = load.end()

    assert node.told_once(ran)
    assert node.gaps() == []
    print(f"{KILLS} kills, {len(ran)} programs")


def test_an_agent_that_is_stopped_under_work_loses_nothing_and_tells_nothing_twice(node: "Node") -> None:
    agent = node.start()
    load = node.load()
    for _ in range(2):
        assert agent.stop() == 0
        agent = node.start()
    assert node.told_once(load.end())
    assert node.gaps() == []


@NEXT
def test_a_program_that_outlives_an_agent_is_told_whole_when_it_ends(
    node: "Node", options: tuple[str, ...]
) -> None:
    agent = node.start()
    named = f"hostname {node.prefix}os-1-1 && exec sleep 1000"
    with subprocess.Popen(["unshare", "--uts", "sh", "-c", named]) as sleeper:
        node.wait_for(lambda: any(b["comm"] == "sleep" for b in node.bodies("process.started")))
        agent.kill()
        node.start(*options)
        sleeper.kill()
    node.wait_for(lambda: bool(node.ends_of_process(sleeper.pid)))

    assert [(b["argv"], b["signal"]) for b in node.ends_of_process(sleeper.pid)] == [
        (["sleep", "1000"], "SIGKILL")
    ]
    assert [b["comm"] for b in node.bodies("process.started")].count("sleep") == 1


@NEXT
def test_what_overflows_while_no_agent_runs_is_counted_exactly(
    node: "Node", options: tuple[str, ...]
) -> None:
    agent = node.start()
    # A load without programs tells what a load itself brings.
    node.load(most=0).ran()
    node.wait_for(lambda: any(str(LOAD) in b["argv"] for b in node.bodies("process.exited")))
    own = node.told_and_lost()
    agent.kill()
    ran = node.load(padding=WORDS_BYTES, most=OVERFLOWING).ran()
    node.start(*options)

    node.wait_for(lambda: node.told_and_lost() >= 2 * own + 2 * len(ran))
    after = node.load(most=50).ran()
    node.wait_for(lambda: node.told_and_lost() >= 3 * own + 2 * len(ran) + 2 * len(after))
    assert node.told_and_lost() == 3 * own + 2 * len(ran) + 2 * len(after)
    assert set(node.gaps()) == {("kernel", "ring_full")}


def test_files_were_not_watched_meanwhile_and_that_is_stated(node: "Node", tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    files = ("--filemon", "--root", str(tmp_path / "ws"))
    agent = node.start(*files)
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    agent.kill()
    node.start(*files)
    node.wait_for(lambda: len(node.bodies("monitor.started")) > 1)
    assert node.gaps() == [("filemon", "not_running")]


def test_a_folder_is_of_one_agent_at_a_time(node: "Node") -> None:
    node.start()
    command = [sys.executable, "-m", "jcode_watcher"]
    command += node.arguments("--bpf-pins", str(node.pins), state="other")
    refused = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)

    assert refused.returncode == 3
    assert "another process uses it" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_pins_that_are_removed_do_no_harm_and_the_next_agent_begins_anew(node: "Node") -> None:
    agent = node.start()
    shutil.rmtree(node.pins)
    assert node.told_once(node.load(most=50).ran())
    agent.kill()
    node.start()
    node.wait_for(lambda: node.gaps() == [("agent", "not_running")])
    assert len(node.tags()) == 1


def test_what_only_a_part_is_left_of_is_begun_anew(node: "Node") -> None:
    node.start().kill()
    (pinned,) = node.pins.iterdir()
    (pinned / "link_on_exit").unlink()
    node.start()
    assert node.told_once(node.load(most=50).ran())
    assert node.gaps() == [("agent", "not_running")]


def test_what_an_agent_without_pins_told_meanwhile_is_not_told_again(node: "Node") -> None:
    node.start().kill()
    agent = node.start_without_pins()
    ran = node.load(most=50).ran()
    node.wait_for_ends(ran)
    agent.kill()
    node.start()
    after = node.load(most=1).ran()
    node.wait_for_ends(after)

    assert node.begun() == Counter(ran.keys()) + Counter(after.keys())
    assert node.gaps() == [("agent", "not_running")] * 2
