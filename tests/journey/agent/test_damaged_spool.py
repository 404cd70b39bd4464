"""The spool is damaged, while no agent runs or while one does: after one start the node is watched again."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.events import nanoseconds
from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.monitor import MonitorGap, MonitorStarted

if TYPE_CHECKING:
    from tests.journey.agent.conftest import AgentProcess, Service

    Start = Callable[..., AgentProcess]

FILES = 60
CONTENT = "int main(void) { return %d; }\n" + "/* and more */\n" * 2_000
PAGE_BYTES = 4096
GARBAGE = bytes(range(256)) * (PAGE_BYTES // 256)
POLL_SECONDS = 0.05
POLLS_MAX = 400


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    folder = tmp_path / "ws/os-1-7/hw1"
    folder.mkdir(parents=True)
    for number in range(FILES):
        (folder / f"{number}.c").write_text(CONTENT % number)
    return folder


@pytest.fixture
def begin(start: "Start", homework: Path) -> "Start":
    watched = ("--filemon", "--root", str(homework.parents[1]), "--retry-seconds-max", "0.2")
    return lambda *more: start(*watched, *more)


def wait_until_kept(service: "Service", agent: "AgentProcess") -> None:
    """Wait, the service being away, until the agent has kept what it found, and that it started."""
    kept = (f'kind="file.saved"}} {FILES}.0', 'kind="monitor.started"} 1.0')
    with service.changed:
        for _ in range(POLLS_MAX):
            said = agent.get("/metrics")[1]
            if all(one in said for one in kept):
                return
            service.changed.wait(POLL_SECONDS)
    raise AssertionError(said)


def wait_for_gap(service: "Service") -> MonitorGap:
    """Give the gap that a start states whose spool was damaged."""

    def found() -> list[MonitorGap]:
        bodies = (event.body for event in service.events.values())
        return [one for one in bodies if isinstance(one, MonitorGap) and one.reason == "spool_damaged"]

    with service.changed:
        assert service.changed.wait_for(found, POLLS_MAX * POLL_SECONDS), service.kinds()
        return found()[0]


def take_log_into_file(folder: Path) -> Path:
    """Leave nothing in the log, from which SQLite would mend the file."""
    path = folder / "spool.sqlite3"
    database = sqlite3.connect(path)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


def spools(folder: Path) -> list[Path]:
    return [path for path in folder.glob("spool.sqlite3*") if not path.name.endswith("-shm")]


def garble_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // PAGE_BYTES * PAGE_BYTES)
        file.write(GARBAGE)


def halve(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def garble_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(GARBAGE)


def garble_event(path: Path, content: bytes) -> None:
    """Damage the pages of one event, wherever it stands: the keeper goes on, the deliverer comes to it."""
    if (at := path.read_bytes().find(content)) >= 0:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(GARBAGE * 2)


@pytest.mark.parametrize("harm", [garble_middle, halve, garble_head])
def test_after_a_kill_and_damage_the_next_start_tells_a_gap_and_every_file(
    begin: "Start", service: "Service", tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    service.status = 503
    agent = begin()
    wait_until_kept(service, agent)
    agent.kill()
    spool = take_log_into_file(tmp_path / "state")
    harm(spool)
    damaged_ns = spool.stat().st_mtime_ns
    service.status = 200

    agent = begin()
    started = service.wait_for("monitor.started")
    gap = wait_for_gap(service)
    assert agent.stop() == 0

    assert gap.stage == "spool"
    assert nanoseconds(gap.since) <= damaged_ns <= nanoseconds(gap.until)
    assert isinstance(started.body, MonitorStarted)
    assert started.body.previous_agent is None
    told = {e.body.path: e.body.content for e in service.events.values() if isinstance(e.body, FileSaved)}
    assert told == {f"{number}.c": CONTENT % number for number in range(FILES)}
    assert agent.said.count("the spool is damaged") == 1
    assert "Traceback" not in agent.said
    assert (tmp_path / "state/spool.sqlite3.damaged").exists()


def test_damage_that_is_read_while_it_runs_ends_it_in_one_line_and_its_next_start_heals_it(
    begin: "Start", service: "Service", tmp_path: Path
) -> None:
    service.status = 503
    agent = begin("--batch-events-max", "1")
    wait_until_kept(service, agent)
    for path in spools(tmp_path / "state"):
        garble_event(path, b"return 30;")
    with service.changed:
        service.status = 200

    assert agent.end() == 4
    assert "Traceback" not in agent.said
    assert agent.said.count("jcode-watcher: spool: ") == 1

    agent = begin()
    wait_for_gap(service)
    assert agent.stop() == 0
