"""No room for what happens, in the spool or on its disk: it is said; with room again all is told as it is."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.disks import small_disk_at, take_all_room

from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved
from jcode_watcher.events.monitor import MonitorGap

if TYPE_CHECKING:
    from tests.journey.agent.conftest import AgentProcess, Service

    from jcode_watcher.events import Envelope

SECONDS_MAX = 30.0
POLL_SECONDS = 0.05
MIB = 1 << 20
DISK_MIB = 48
SPOOL_BYTES_MAX = ("--spool-bytes-max", str(8 * MIB))
CONTENT_BYTES = 100_000


class Desk:
    """A student's assignment, and an agent whose service is away."""

    def __init__(self, folder: Path, service: "Service", start: Callable[..., "AgentProcess"]) -> None:
        self.hw = folder / "ws/os-1-7/hw1"
        self.hw.mkdir(parents=True)
        self.service = service
        self._begin = start
        self._number = 0
        service.status = 503

    def start(self, *more: str) -> "AgentProcess":
        root = ("--filemon", "--root", str(self.hw.parents[1]))
        return self._begin(*root, "--retry-seconds-max", "0.2", *more)

    def save(self, name: str) -> None:
        self._number += 1
        (self.hw / name).write_bytes(b"%d" % self._number * (CONTENT_BYTES // len(str(self._number))))

    def fill(self, agent: "AgentProcess") -> None:
        """Save files until the agent says that there is no room."""
        while agent.get("/readyz")[0] == 200:
            self.save(f"{self._number}.c")
        self.save("0.c")
        (self.hw / "1.c").unlink()
        (self.hw / "2.c").rename(self.hw / "moved.c")
        (self.hw / "gone.c").write_text("soon\n")
        (self.hw / "gone.c").unlink()

    def wait_until_kept(self, agent: "AgentProcess", saves: int) -> None:
        kept = f'jcode_watcher_agent_events_total{{kind="file.saved"}} {saves:.1f}'
        with self.service.changed:
            for _ in range(int(SECONDS_MAX / POLL_SECONDS)):
                if kept in agent.get("/metrics")[1]:
                    return
                self.service.changed.wait(POLL_SECONDS)
        raise AssertionError(agent.get("/metrics")[1])

    def return_of_the_service(self) -> None:
        with self.service.changed:
            self.service.status = 200

    def wait_until_told(self) -> None:
        """Wait until the service knows of every file what is on the disk."""
        with self.service.changed:
            assert self.service.changed.wait_for(self.is_told, SECONDS_MAX), self.untold()

    def is_told(self) -> bool:
        return not self.untold()

    def untold(self) -> set[str]:
        disk = {path.name: sha256(path.read_bytes()).hexdigest() for path in self.hw.iterdir()}
        told = replayed(list(self.service.events.values()))
        return {name for name in disk.keys() | told.keys() if disk.get(name) != told.get(name)}

    def gaps(self) -> list[str]:
        bodies = (event.body for event in self.service.events.values())
        return [body.reason for body in bodies if isinstance(body, MonitorGap)]


def replayed(events: "Iterable[Envelope]") -> dict[str, str | None]:
    """Give what the events say of each file, in their order; a content that was never told is none."""
    files: dict[str, str | None] = {}
    contents: set[str | None] = set()
    for event in events:
        body = event.body
        if isinstance(body, FileSaved):
            if body.content is not None:
                contents.add(body.sha256)
            files[body.path] = body.sha256
        elif isinstance(body, FileDeleted):
            files.pop(body.path, None)
        elif isinstance(body, FileMoved):
            files.pop(body.path, None)
            files[body.destination] = body.sha256
    return {path: sha256 if sha256 in contents else None for path, sha256 in files.items()}


@pytest.fixture
def desk(tmp_path: Path, service: "Service", start: Callable[..., "AgentProcess"]) -> Desk:
    return Desk(tmp_path, service, start)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "state", DISK_MIB * MIB) as folder:
        yield folder


def test_what_found_no_room_is_told_as_it_stands_once_there_is_some(desk: Desk) -> None:
    agent = desk.start(*SPOOL_BYTES_MAX)
    desk.fill(agent)
    desk.return_of_the_service()

    desk.wait_until_told()
    assert agent.get("/readyz")[0] == 200
    assert agent.stop() == 0
    # Its service may be slower than what is told again.
    times = len(desk.gaps())
    assert desk.gaps() == ["spool_full"] * times != []
    lines = ("the spool is full", "the spool takes events again")
    assert [agent.said.count(line) for line in lines] == [times, times]


def test_on_a_disk_smaller_than_the_spool_may_grow_the_same_holds(desk: Desk, small_disk: Path) -> None:
    agent = desk.start("--snapshots", str(small_disk.with_name("absent")))
    desk.fill(agent)
    assert "state" in agent.get("/readyz")[1]
    desk.return_of_the_service()

    desk.wait_until_told()
    assert agent.get("/readyz")[0] == 200
    assert agent.stop() == 0


def test_where_another_program_fills_the_disk_all_that_is_kept_is_delivered(
    desk: Desk, small_disk: Path
) -> None:
    agent = desk.start()
    for number in range(20):
        desk.save(f"{number}.c")
    desk.wait_until_kept(agent, 20)
    another = take_all_room(small_disk)
    for number in range(20, 200):
        desk.save(f"{number}.c")
    desk.return_of_the_service()
    with desk.service.changed:
        assert desk.service.changed.wait_for(lambda: len(desk.untold()) <= 180, SECONDS_MAX)
    another.unlink()

    desk.wait_until_told()
    assert agent.stop() == 0
