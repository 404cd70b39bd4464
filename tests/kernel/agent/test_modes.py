"""In which mode each root is watched, and why in no better one, is said where operators look."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.kernel.agent.node import Node
from tests.kernel.agent.program import SECONDS_MAX, Program, why_not

from jcode_watcher.events import to_text

pytestmark = pytest.mark.kernel


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Path]:
    """Give a folder of workspaces on a file system without file handles."""
    if reason := why_not():
        pytest.skip(reason)
    for name in ("lower", "upper", "work", "workspaces"):
        (tmp_path / name).mkdir()
    options = f"lowerdir={tmp_path}/lower,upperdir={tmp_path}/upper,workdir={tmp_path}/work"
    merged = tmp_path / "workspaces"
    mounted = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(merged)], check=False)
    if mounted.returncode:
        pytest.skip("an overlay cannot be mounted")
    yield merged
    subprocess.run(["umount", str(merged)], check=True)


@pytest.fixture
def node(overlay: Path, tmp_path: Path) -> Iterator[Node]:
    """Give a node whose agents end before the overlay does."""
    del overlay
    with ExitStack() as stack:
        yield Node(tmp_path, tmp_path / "pins", stack)


def metrics_of(agent: Program) -> dict[str, float]:
    with urlopen(f"http://{agent.ready['listen']}/metrics", timeout=SECONDS_MAX) as answer:
        lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
    return {name.removeprefix("jcode_watcher_agent_"): float(value) for name, value in map(split, lines)}


def split(line: str) -> tuple[str, str]:
    name, _, value = line.rpartition(" ")
    return name, value


def test_a_better_mode_that_cannot_watch_is_stated_with_its_reason(node: Node, overlay: Path) -> None:
    agent = node.start_without_pins("--filemon", "--root", str(overlay))
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    (started,) = node.bodies("monitor.started")

    assert agent.ready["modes"][str(overlay)] == started["modes"][str(overlay)] == "descriptors"
    (why,) = started["passed_over"][str(overlay)]
    assert "overlay" in why


def test_a_better_mode_that_cannot_watch_is_stated_of_a_root_whose_name_is_no_text(
    node: Node, overlay: Path
) -> None:
    root = overlay / os.fsdecode(b"a\n\xff")
    root.mkdir()
    agent = node.start_without_pins("--filemon", "--root", str(root))
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    (started,) = node.bodies("monitor.started")

    name = to_text(bytes(root))
    assert agent.ready["modes"][name] == started["modes"][name]
    (why,) = started["passed_over"][name]
    assert name in why


def test_each_root_has_its_metrics_with_its_mode(node: Node, overlay: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    roots = (overlay, other)
    for root in roots:
        (root / "os-1-1/hw1").mkdir(parents=True)
    agent = node.start_without_pins("--filemon", "--root", str(overlay), "--root", str(other))
    node.wait_for(lambda: bool(node.bodies("monitor.started")))
    for root in roots:
        (root / "os-1-1/hw1/a.c").write_text("12345")
        (root / "os-1-1/hw1/notes.txt").write_text("1")
    node.wait_for(lambda: len(node.bodies("file.saved")) >= len(roots))

    (started,) = node.bodies("monitor.started")
    metrics = metrics_of(agent)
    for root in roots:
        of = f'mode="{started["modes"][str(root)]}",root="{root}"'
        assert metrics[f"file_versions_total{{{of}}}"] == 1
        assert metrics[f"file_content_bytes_total{{{of}}}"] == 5
        assert metrics[f"file_sources{{{of}}}"] == 1
        assert metrics[f"file_comparisons_total{{{of}}}"] == 1
        assert metrics[f"file_overflows_total{{{of}}}"] == 0
        unwanted = of.replace(",", ',reason="unwanted",')
        assert metrics[f"file_skipped_total{{{unwanted}}}"] > 0
        assert metrics[f"file_lag_seconds{{{of}}}"] < SECONDS_MAX
