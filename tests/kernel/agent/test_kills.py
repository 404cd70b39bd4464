"""An agent is killed again and again while a student saves: what was kept is stored, the rest is stated."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.kernel.agent.program import POLL_SECONDS, SECONDS_MAX

if TYPE_CHECKING:
    from tests.kernel.agent.conftest import Classroom

pytestmark = pytest.mark.kernel

SAVER = Path(__file__).parent / "saver.py"
KILLS = 50 if os.environ.get("JCODE_WATCHER_LONG_TESTS") == "1" else 5
KILL_SECONDS = (0.0, 3.0)
"""After an agent is ready, in which it is killed: while it compares with the disk, or later."""
AWAY_SECONDS = (0.0, 0.5)
KILL_SECONDS_MAX = 60
"""For each kill, with the start after it."""
BUSY_A_PROCESSOR = 2
KEPT_NS = 1_000_000_000
"""What was saved so long before a kill is stored afterwards."""


class Save(NamedTuple):
    """A save as its program tells it."""

    done_ns: int
    path: str
    sha256: str


class Watch(NamedTuple):
    """When an agent looked: from ready to its end."""

    ready_ns: int
    killed_ns: int


@contextmanager
def saving(classroom: "Classroom", said: Path) -> Iterator[None]:
    """Let the student save without end."""
    named = f'hostname {classroom.prefix}{classroom.hw.parent.name} && exec "$@"'
    command = [sys.executable, str(SAVER), str(classroom.hw), str(said)]
    with subprocess.Popen(
        ["unshare", "--uts", "sh", "-c", named, "saver", *command], stdin=subprocess.PIPE
    ) as saver:
        yield
        saver.communicate(timeout=SECONDS_MAX)


def kill_again_and_again(classroom: "Classroom") -> list[Watch]:
    chosen = random.Random(2)
    watches = []
    ready_ns = time.time_ns()
    for _ in range(KILLS):
        time.sleep(chosen.uniform(*KILL_SECONDS))
        killed_ns = time.time_ns()
        classroom.agent.kill()
        watches.append(Watch(ready_ns, killed_ns))
        time.sleep(chosen.uniform(*AWAY_SECONDS))
        classroom.start_agent()
        ready_ns = time.time_ns()
    return watches


def wait_until_equal_to_the_disk(classroom: "Classroom") -> None:
    disk = {path.name: sha256(path.read_bytes()).hexdigest() for path in classroom.hw.glob("*.py")}
    deadline = time.monotonic() + SECONDS_MAX
    while (stored := files(classroom)) != disk:
        assert time.monotonic() < deadline, {name for name in disk if stored.get(name) != disk[name]}
        time.sleep(POLL_SECONDS)


def files(classroom: "Classroom") -> dict[str, str]:
    where = dict(zip(("course", "section", "student"), classroom.hw.parent.name.split("-"), strict=True))
    listed = classroom.get("/v1/files", **where, assignment="hw1")["files"]
    return {file["path"]: file["sha256"] for file in listed if not file["deleted"]}


def gaps(classroom: "Classroom") -> list[tuple[int, int]]:
    events = classroom.get("/v1/monitor", kinds="monitor.gap")["events"]
    return [(moment_ns(event["body"]["since"]), moment_ns(event["body"]["until"])) for event in events]


def moment_ns(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1e6) * 1_000


def is_within(spans: list[tuple[int, int]], moment: int) -> bool:
    return any(since <= moment <= until for since, until in spans)


@pytest.mark.timeout(KILLS * KILL_SECONDS_MAX)
def test_saves_survive_every_kill_of_the_agent_or_lie_in_a_stated_gap(
    classroom: "Classroom", tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with saving(classroom, said):
        watches = kill_again_and_again(classroom)
    saves = [Save(int(at), path, sha) for at, path, sha in map(str.split, said.read_text().splitlines())]
    wait_until_equal_to_the_disk(classroom)

    stored = {(save["path"], save["sha256"]) for save in classroom.saves()}
    unstored = [save for save in saves if (save.path, save.sha256) not in stored]
    due = [(watch.ready_ns, watch.killed_ns - KEPT_NS) for watch in watches]
    stated = gaps(classroom)
    gap_seconds = sum(until - since for since, until in stated) / 1e9
    late = [save for save in unstored if is_within(due, save.done_ns)]
    print(
        f"{KILLS} kills, {len(saves)} saves, {len(unstored)} of them not stored, {len(late)} of these a "
        f"second before a kill, {len(stated)} gaps of {gap_seconds:.1f} s"
    )
    assert [save for save in unstored if not is_within(stated, save.done_ns)] == []
    assert len(stated) == KILLS
    # Where the agent waits for a processor for longer than that, nobody can promise a second.
    assert late == [] or os.getloadavg()[0] > BUSY_A_PROCESSOR * (os.cpu_count() or 1)
