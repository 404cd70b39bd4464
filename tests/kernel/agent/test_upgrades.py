"""Agents with other options or of another build: each tells what the one before it left in the kernel."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.kernel.agent.node import other

from jcode_watcher.procmon.succession import RINGS_MAX

if TYPE_CHECKING:
    from tests.kernel.agent.node import Node

pytestmark = pytest.mark.kernel

LONG = os.environ.get("JCODE_WATCHER_LONG_TESTS") == "1"
KILLS = 20 if LONG else 5
KILL_SECONDS = (0.0, 1.2)
"""After an agent is ready, in which it is killed: while it tells what the one before it left, or later."""
AWAY_SECONDS = (0.0, 0.4)
ROOT = Path(__file__).parents[3]
SUCCESSION, MONITOR = "jcode_watcher.procmon.succession", "jcode_watcher.procmon.monitor"
RINGS = "jcode_watcher.agent.spool.rings"
STEPS = {
    "theirs are known": f"{SUCCESSION} hand_down 1",
    "both are attached": "jcode_watcher.procmon.kernel Kernel.attach 1",
    "ours hear everything": f"{SUCCESSION} settle 1",
    "theirs are read": f"{SUCCESSION} settle 2",
    "ours are known": f"{RINGS} Rings.succeed 1",
    "theirs are detached": f"{SUCCESSION} detach 1",
    "ours are attached": f"{SUCCESSION} _succeeded 1",
    "the first of theirs is told": "jcode_watcher.procmon.reader Reader.tell_left 2",
    "the first is kept": f"{RINGS} Rings.kept 1",
    "more is kept": f"{RINGS} Rings.kept 3",
    "all of theirs is told": "jcode_watcher.procmon.reader Reader.begin 1",
    "theirs are taken down": f"{MONITOR} remove 1",
}


def test_agents_with_other_options_that_are_killed_again_and_again_lose_nothing_and_tell_nothing_twice(
    node: "Node",
) -> None:
    chosen = random.Random(1)
    agent = node.start()
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    load = node.load()
    for number in range(KILLS):
        time.sleep(chosen.uniform(*KILL_SECONDS))
        # On a slow machine each would leave more than it tells, and no more rings than so many may wait.
        node.wait_for(lambda: len(node.tags()) < RINGS_MAX // 2)
        agent.kill()
        time.sleep(chosen.uniform(*AWAY_SECONDS))
        # Also those that were given before, of which something may be left to tell.
        agent = node.start(*other(number % 3))
    ran = load.end()

    assert node.told_once(ran)
    assert node.gaps() == []
    print(f"{KILLS} kills, {len(ran)} programs")


def test_an_agent_that_is_stopped_and_upgraded_under_work_takes_down_what_is_told(node: "Node") -> None:
    agent = node.start()
    load = node.load()
    assert agent.stop() == 0
    node.start(*other(1))
    assert node.told_once(load.end())
    assert node.gaps() == []
    node.wait_for(lambda: len(node.tags()) == 1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("next_options", [1, 2] if LONG else [2])
def test_an_agent_that_is_killed_at_any_step_of_an_upgrade_loses_nothing_and_tells_nothing_twice(
    node: "Node", step: str, next_options: int
) -> None:
    agent = node.start()
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    load = node.load()
    node.wait_for(lambda: bool(node.begun()))
    agent.kill()
    node.die(STEPS[step], *other(1))
    node.start(*other(next_options))
    assert node.told_once(load.end())
    assert node.gaps() == []


def test_an_agent_of_another_build_tells_what_was_left(node: "Node", tmp_path: Path) -> None:
    sources = built_with(tmp_path / "other", "claim.h", "CLAIMED_EXIT,", "CLAIMED_EXIT = 8,")
    agent = node.start()
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    before = node.tags()
    load = node.load()
    agent.kill()
    agent = node.start_of(sources)
    assert node.tags() != before
    agent.kill()
    node.start()
    assert node.told_once(load.end())
    assert node.gaps() == []


def built_with(folder: Path, header: str, before: str, after: str) -> Path:
    """Give the sources of a version whose programs in the kernel differ in that."""
    shutil.copytree(ROOT / "bpf", folder / "bpf", ignore=shutil.ignore_patterns("build"))
    shutil.copytree(
        ROOT / "src/jcode_watcher", folder / "jcode_watcher", ignore=shutil.ignore_patterns("_ring.*.so")
    )
    changed = folder / "bpf" / header
    text = changed.read_text()
    assert before in text
    changed.write_text(text.replace(before, after))
    subprocess.run(["make", "-s", "-C", str(folder / "bpf")], check=True)
    compile_there = "import runpy; runpy.run_path('bpf/ffi_build.py')['ffi'].compile(tmpdir='.')"
    subprocess.run([sys.executable, "-c", compile_there], cwd=folder, check=True)
    return folder


def test_what_another_version_laid_out_differently_is_a_gap_and_taken_down(node: "Node") -> None:
    agent = node.start()
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    agent.kill()
    (pinned,) = node.pins.iterdir()
    tag, _, number = pinned.name.split("-")
    pinned.rename(pinned.with_name(f"{tag}-00000000-{number}"))
    agent = node.start(*other(1))
    ran = node.load(most=50).ran()

    assert node.told_once(ran)
    assert node.gaps() == [("agent", "not_running")]
    assert len(node.tags()) == 1
    assert "-00000000-" not in node.tags()[0]
    agent.process.terminate()
    said = agent.process.communicate()[1].splitlines()
    assert [line for line in said if "laid its records out differently" in line] == said[:1]
