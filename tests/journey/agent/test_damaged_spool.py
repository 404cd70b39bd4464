"""The spool is damaged, while no agent runs or while one does: after one start the node is watched again."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.events import nanoseconds
from jcode_watcher.events.file import FileDeleted, FileSaved
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


def wait_until_kept(
    service: "Service", agent: "AgentProcess", saves: int = FILES, deletions: int = 0
) -> None:
    """Wait, the service being away, until the agent has kept what happened, and that it started."""
    kept = [f'kind="file.saved"}} {saves}.0', 'kind="monitor.started"} 1.0']
    kept += [f'kind="file.deleted"}} {deletions}.0'] if deletions else []
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


def wait_until(service: "Service", is_so: Callable[[], bool]) -> None:
    with service.changed:
        assert service.changed.wait_for(is_so, POLLS_MAX * POLL_SECONDS), service.kinds()


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


def change_log_byte(path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    with log.open("r+b") as file:
        file.seek(log.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 0xFF]))


def garble_log_pages(path: Path) -> None:
    with path.with_name(f"{path.name}-wal").open("r+b") as file:
        file.seek(2 * PAGE_BYTES)
        file.write(GARBAGE * 3)


def garble_log_head(path: Path) -> None:
    with path.with_name(f"{path.name}-wal").open("r+b") as file:
        file.seek(25)
        file.write(b"\xff\xff")


def cut_log(path: Path) -> None:
    halve(path.with_name(f"{path.name}-wal"))


def lose_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")
    lose_log(path)


def told_files(service: "Service") -> dict[str, str | None]:
    """Give what the service knows of each file in the end."""
    files: dict[str, str | None] = {}
    for event in service.events.values():
        if isinstance(event.body, FileSaved):
            files[event.body.path] = event.body.content
        elif isinstance(event.body, FileDeleted):
            files.pop(event.body.path, None)
    return files


@pytest.mark.parametrize(
    "harm", [change_log_byte, garble_log_pages, garble_log_head, cut_log, lose_log, empty]
)
def test_what_is_missing_after_a_kill_is_in_a_gap_and_the_files_are_told_as_they_are(
    begin: "Start", service: "Service", tmp_path: Path, homework: Path, harm: Callable[[Path], None]
) -> None:
    service.status = 503
    agent = begin()
    wait_until_kept(service, agent)
    take_log_into_file(tmp_path / "state")
    kept_ns = time_ns()
    (homework / "0.c").write_text("int main(void) { return 1; }\n")
    (homework / "1.c").unlink()
    (homework / "new.c").write_text("int main(void) { return 2; }\n")
    wait_until_kept(service, agent, FILES + 2, 1)
    agent.kill()
    harm(tmp_path / "state/spool.sqlite3")
    service.status = 200

    agent = begin()
    service.wait_for("monitor.started")
    gap = wait_for_gap(service)
    wait_until(service, lambda: told_files(service) == {p.name: p.read_text() for p in homework.iterdir()})
    assert agent.stop() == 0

    assert gap.stage == "spool"
    assert nanoseconds(gap.since) <= kept_ns
    assert agent.said.count("the spool is damaged") == 1
    assert "Traceback" not in agent.said


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
