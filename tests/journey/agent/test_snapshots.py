"""The snapshot tree behind a real agent, whatever becomes of the agent, the service and the tree's disk."""

import os
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journey.agent.conftest import AgentProcess, Service

SECONDS_MAX = 30.0
KILLS = 6
UP_SECONDS = (0.0, 0.8)
"""After an agent is ready, in which it is killed."""
PAUSE_SECONDS = 0.02
STORM_KILLS = 4
STORM_SAVES = 2_000
"""Before each kill."""
NAMES = {
    b"a.c": b"a.c",
    b"src/util/list.c": b"src@util@list.c",
    b"src@util/list.c": b"src%40util@list.c",
    b"\xff\xea.py": b"\xff\xea.py",
}
"""Files of a student, and what they are called in the tree."""


class Desk:
    """A student's assignment, an agent, and the tree that it writes."""

    def __init__(self, folder: Path, service: "Service", start: Callable[..., "AgentProcess"]) -> None:
        self.hw = folder / "ws/os-1-7/hw1"
        self.base = folder / "base"
        self._service = service
        self._begin = start
        self.hw.mkdir(parents=True)
        self.base.mkdir()
        for name in NAMES:
            Path(os.fsdecode(bytes(self.hw) + b"/" + name)).parent.mkdir(parents=True, exist_ok=True)
        self._number = 0

    def start(self, *more: str) -> "AgentProcess":
        tree = ("--snapshots", str(self.base), "--snapshots-free-bytes-min", "0")
        return self._begin("--filemon", "--root", str(self.hw.parents[1]), *tree, *more)

    def save(self) -> tuple[bytes, bytes]:
        """Save one file after the other, each whole and with another content; give path and content."""
        path = list(NAMES)[self._number % len(NAMES)]
        content = b"version %d" % self._number
        (self.hw / "half").write_bytes(content)
        (self.hw / "half").rename(os.fsdecode(bytes(self.hw) + b"/" + path))
        self._number += 1
        return path, content

    def tree(self) -> dict[bytes, list[bytes]]:
        """Give the versions of each file, oldest first."""
        folder = bytes(self.base) + b"/os-1/hw1/7"
        files = os.listdir(folder) if os.path.exists(folder) else []  # noqa: PTH110, PTH208 - names are bytes
        return {
            name: [
                Path(os.fsdecode(folder + b"/" + name + b"/" + version)).read_bytes()
                for version in sorted(os.listdir(folder + b"/" + name))  # noqa: PTH208 - likewise
            ]
            for name in files
        }

    def told(self) -> Counter[str]:
        """Count the contents that the service was told."""
        bodies = (event.body for event in self._service.events.values() if event.kind == "file.saved")
        return Counter(body.content for body in bodies if body.content is not None)

    def written(self) -> Counter[str]:
        return Counter(content.decode() for contents in self.tree().values() for content in contents)

    def wait_for(self, done: Callable[[], Any]) -> None:
        with self._service.changed:
            waited = 0.0
            while not done():
                assert waited < SECONDS_MAX, (self.told() - self.written(), self.written() - self.told())
                self._service.changed.wait(0.05)
                waited += 0.05

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Let the student go on saving meanwhile."""
        ended = threading.Event()

        def go_on() -> None:
            while not ended.wait(PAUSE_SECONDS):
                self.save()

        student = threading.Thread(target=go_on)
        student.start()
        try:
            yield
        finally:
            ended.set()
            student.join()

    @contextmanager
    def storm(self) -> Iterator[Counter[str]]:
        """Let the student save as fast as can be; give how often."""
        ended = threading.Event()
        saves: Counter[str] = Counter()

        def go_on() -> None:
            while not ended.is_set():
                name = ("a.c", "a.c", "a.c", "b.c", "c.c", "d.c")[saves.total() % 6]
                (self.hw / name).write_text(f"storm {saves.total()}")
                saves[name] += 1

        student = threading.Thread(target=go_on)
        student.start()
        try:
            yield saves
        finally:
            ended.set()
            student.join()

    def newest(self, path: str) -> bytes | None:
        """Give the content under the newest name of a student's file."""
        folder = self.base / "os-1/hw1" / path
        names = sorted(folder.iterdir()) if folder.exists() else []
        return names[-1].read_bytes() if names else None

    def metric(self, agent: "AgentProcess", name: str) -> float:
        """Give a number of a running agent; 0 where it has none yet."""
        lines = (line.rsplit(" ", 1) for line in agent.get("/metrics")[1].splitlines())
        return next((float(value) for key, value in lines if key == f"jcode_watcher_agent_{name}"), 0.0)

    def newest_on_disk(self) -> dict[bytes, bytes]:
        paths = {path: Path(os.fsdecode(bytes(self.hw) + b"/" + path)) for path in NAMES}
        return {NAMES[path]: found.read_bytes() for path, found in paths.items()}


def has(counted: Callable[[], Counter[str]], content: bytes) -> bool:
    return counted()[content.decode()] > 0


@pytest.fixture
def desk(tmp_path: Path, service: "Service", start: Callable[..., "AgentProcess"]) -> Desk:
    return Desk(tmp_path, service, start)


def test_every_version_that_was_on_the_disk_is_in_the_tree_in_its_order(desk: Desk) -> None:
    agent = desk.start()
    saved: dict[bytes, list[bytes]] = {name: [] for name in NAMES.values()}
    for _ in range(24):
        path, content = desk.save()
        saved[NAMES[path]].append(content)
        desk.wait_for(partial(has, desk.written, content))
    (desk.hw / "a.c").rename(desk.hw / "moved.c")
    (desk.hw / "src/util/list.c").unlink()
    desk.wait_for(lambda: b"moved.c" in desk.tree() and desk.tree()[b"src@util@list.c"][-1] == b"")
    assert agent.stop() == 0

    assert desk.tree() == {
        **saved,
        b"a.c": [*saved[b"a.c"], b""],
        b"moved.c": [saved[b"a.c"][-1]],
        b"src@util@list.c": [*saved[b"src@util@list.c"], b""],
    }
    assert list((desk.base / ".jcode-watcher").glob("*/*")) == []


@pytest.mark.parametrize("away", [False, True])
def test_kills_neither_lose_nor_double_a_version(desk: Desk, service: "Service", *, away: bool) -> None:
    chosen = random.Random(1)
    hidden = desk.base.with_name("hidden")
    with desk.saving():
        for kill in range(KILLS):
            # Now the tree is behind the delivery, now before it.
            service.status = 503 if kill % 3 == 2 else 200
            if away and kill % 2:
                desk.base.rename(hidden)
            agent = desk.start()
            time.sleep(chosen.uniform(*UP_SECONDS))
            agent.kill()
            if hidden.exists():
                hidden.rename(desk.base)
    service.status = 200
    agent = desk.start()
    desk.wait_for(lambda: desk.told() == desk.written() and desk.told().total() > 0)
    desk.wait_for(
        lambda: {name: versions[-1] for name, versions in desk.tree().items()} == desk.newest_on_disk()
    )
    assert agent.stop() == 0

    assert desk.told() == desk.written()
    assert set(desk.written().values()) == {1}
    for versions in desk.tree().values():
        assert versions == sorted(versions, key=lambda content: int(content.split()[1]))
    assert list((desk.base / ".jcode-watcher").glob("*/*")) == []
    print(f"{KILLS} kills, {desk.written().total()} versions")


def test_a_storm_with_kills_ends_with_the_last_state_of_every_file(desk: Desk) -> None:
    chosen = random.Random(2)
    other = desk.hw.parents[1] / "os-1-8/hw1/other.c"
    other.parent.mkdir(parents=True)
    agent = desk.start()
    with desk.storm() as saves:
        for kill in range(STORM_KILLS):
            enough = saves.total() + STORM_SAVES
            desk.wait_for(lambda enough=enough: saves.total() >= enough)  # type: ignore[misc]
            other.write_text(f"other {kill}")
            if kill % 2:
                desk.wait_for(partial(has, desk.told, b"other %d" % kill))
                waiting = int(desk.metric(agent, "snapshots_waiting"))
                desk.wait_for(lambda: desk.newest("8/other.c") == other.read_bytes())
                print(f"{waiting} waited before the other student's save")
            time.sleep(chosen.uniform(*UP_SECONDS))
            agent.kill()
            agent = desk.start()
    (desk.hw / "c.c").rename(desk.hw / "moved.c")
    (desk.hw / "d.c").unlink()
    desk.wait_for(lambda: desk.metric(agent, "spool_events") == desk.metric(agent, "snapshots_waiting") == 0)
    left_out = desk.metric(agent, 'snapshots_failed_total{reason="too_many"}')
    desk.wait_for(lambda: desk.newest("7/d.c") == b"")
    empty = [name for name in ("a.c", "b.c", "c.c") if b"" in desk.tree()[os.fsencode(name)][:-1]]

    expected = {f"7/{name}": (desk.hw / name).read_bytes() for name in ("a.c", "b.c", "moved.c")}
    expected |= {"7/c.c": b"", "7/d.c": b"", "8/other.c": other.read_bytes()}
    assert {path: desk.newest(path) for path in expected} == expected
    assert empty == []
    assert agent.stop() == 0
    print(f"{saves.total()} saves, {left_out:.0f} names taken since the last kill")


def test_a_tree_that_cannot_be_written_is_said_once_and_hurts_nothing(desk: Desk) -> None:
    desk.base.rmdir()
    agent = desk.start("--retry-seconds-max", "0.2")
    for _ in range(8):
        _, content = desk.save()
        desk.wait_for(partial(has, desk.told, content))
    metrics = agent.get("/metrics")[1]

    assert "jcode_watcher_agent_snapshots_stuck 1.0" in metrics
    assert 'jcode_watcher_agent_snapshots_retries_total{reason="absent"}' in metrics
    assert agent.get("/readyz")[0] == agent.get("/livez")[0] == 200
    desk.base.mkdir()
    desk.wait_for(lambda: desk.written() == desk.told())
    assert agent.stop() == 0
    assert [agent.said.count(line) for line in ("snapshots have to wait", "written again")] == [1, 1]


def test_a_full_disk_under_the_tree_hurts_nothing_and_what_waits_is_written_later(desk: Desk) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(desk.base)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        filler = desk.base / "filler"
        filler.write_bytes(b"x" * 200_000)
        agent = desk.start("--retry-seconds-max", "0.2")
        for number in range(4):
            (desk.hw / f"{number}.c").write_text(f"{number}" * 40_000)
        desk.wait_for(lambda: desk.told().total() == 4)
        desk.wait_for(lambda: 'snapshots_retries_total{reason="no_space"}' in agent.get("/metrics")[1])
        desk.wait_for(lambda: desk.metric(agent, "snapshots_stuck") == 1)
        before = desk.written()
        filler.unlink()
        desk.wait_for(lambda: desk.written() == desk.told())
        desk.wait_for(lambda: desk.metric(agent, "snapshots_stuck") == 0)
        assert before.total() < 4
        assert not before - desk.told()
        assert agent.stop() == 0
    finally:
        subprocess.run(["umount", "-l", str(desk.base)], check=True)


def test_switched_off_again_nothing_is_written_and_nothing_is_left_to_be(desk: Desk) -> None:
    desk.base.rmdir()
    agent = desk.start()
    _, content = desk.save()
    desk.wait_for(lambda: desk.told()[content.decode()])
    agent.kill()
    agent = desk._begin()
    assert agent.stop() == 0
    desk.base.mkdir()
    agent = desk.start()
    path, content = desk.save()
    desk.wait_for(lambda: desk.written()[content.decode()])
    assert agent.stop() == 0

    assert desk.tree() == {NAMES[path]: [content]}
