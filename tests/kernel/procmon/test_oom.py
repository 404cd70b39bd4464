"""A program that the kernel kills as memory ran out is told with the kernel's own figures."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import OomKilled

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Watch

pytestmark = pytest.mark.kernel

V1 = Path("/sys/fs/cgroup/memory")
V2 = Path("/sys/fs/cgroup")
LIMIT_BYTES = 24 << 20
JOIN = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
ROUNDS = 20
SITTERS = 5
SITTER_MIB = 16
TAKER_MIB = 82
ROOM_MIB = 96
"""Of which the sitters leave 16: the taker has what it asks for only once all of them are gone."""
KILLED = re.compile(
    r"Killed process (\d+) \((.*)\) total-vm:(\d+)kB, anon-rss:(\d+)kB, file-rss:(\d+)kB"
    r".*oom_score_adj:(-?\d+)"
)


@pytest.fixture
def memory_cgroup(hostname: str) -> Iterator[Path]:
    """Give a memory cgroup of 24 MiB."""
    if not is_v1() and "memory" not in controllers():
        pytest.skip("no memory cgroup can be made here")
    group = (V1 if is_v1() else V2) / hostname
    group.mkdir()
    try:
        limit_of(group).write_text(str(LIMIT_BYTES))
        yield group
    finally:
        group.rmdir()


def is_v1() -> bool:
    return (V1 / "memory.limit_in_bytes").exists() or (V1 / "cgroup.procs").exists()


def limit_of(group: Path) -> Path:
    return group / ("memory.limit_in_bytes" if is_v1() else "memory.max")


def controllers() -> str:
    enabled = V2 / "cgroup.subtree_control"
    return enabled.read_text() if enabled.exists() else ""


@pytest.fixture
def kernel_log() -> Iterator[int]:
    """Give the kernel's log, from here on."""
    try:
        log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        pytest.skip(f"the kernel's log cannot be read: {error}")
    os.lseek(log, 0, os.SEEK_END)
    yield log
    os.close(log)


def killed_according_to(log: int, *pids: int) -> dict[int, tuple[str, ...]]:
    """Give what the log says of each of these, which it must."""
    said: dict[int, tuple[str, ...]] = {}
    while said.keys() != set(pids):
        line = os.read(log, 8192).decode(errors="replace")
        found = KILLED.search(line)
        if found and int(found[1]) in pids:
            assert int(found[1]) not in said
            said[int(found[1])] = found.groups()
    return said


def figures(victim: OomKilled) -> tuple[str, ...]:
    """Give a fact in the words of the log."""
    memory = (victim.total_vm_bytes, victim.anon_rss_bytes, victim.file_rss_bytes)
    in_kib = [str(each // 1024) for each in memory]
    return (str(victim.pid), victim.comm.decode(), *in_kib, str(victim.oom_score_adj))


def test_the_victim_is_told_as_the_kernel_log_tells_it(
    programs: str, hostname: str, watch: "Watch", memory_cgroup: Path, kernel_log: int
) -> None:
    join = f"echo $$ > {memory_cgroup}/cgroup.procs && exec {programs} hog 0"
    with watch() as recorder:
        hog = subprocess.Popen([programs, "in", hostname, "sh", "-c", join])
        hog.wait()
        recorder.catch_up()
        counters = recorder.monitor.counters()
    (victim,) = (fact for fact in recorder.facts if isinstance(fact, OomKilled))
    (end,) = (fact for fact in recorder.exited if fact.pid == hog.pid)
    assert figures(victim) == killed_according_to(kernel_log, hog.pid)[hog.pid]
    assert victim.memory_cgroup_id == memory_cgroup.stat().st_ino
    assert victim.program is not None
    assert victim.program.argv[1:] == (b"hog", b"0")
    assert (end.signal, end.exit_code, end.oom_killed) == (9, None, True)
    assert end.memory_cgroup_id == victim.memory_cgroup_id
    assert end.start_boot_ns == victim.start_boot_ns
    assert counters.seen == counters.filtered + counters.submitted + counters.dropped


class Row:
    """Two containers below one limit: one's programs sit on their memory, the other's asks for it."""

    def __init__(self, programs: str, hostname: str, group: Path, names: Path) -> None:
        self._programs, self._hostname, self._names = programs, hostname, names
        self._begun: list[subprocess.Popen[bytes]] = []
        self.sitting, self.taking = group / "sitting", group / "taking"
        limit_of(group).write_text(str(ROOM_MIB << 20))
        for cgroup in (self.sitting, self.taking):
            cgroup.mkdir()

    def close(self) -> None:
        for sitter in self._begun:
            sitter.kill()
            sitter.wait()
        for cgroup in (self.sitting, self.taking):
            cgroup.rmdir()

    def sit(self, name: str) -> subprocess.Popen[bytes]:
        """Begin a program of that name, and let it have its memory."""
        (self._names / name).symlink_to(self._programs)
        command = [str(self._names / name), "sit", str(SITTER_MIB)]
        sitter = self._begin(self._hostname, self.sitting, command)
        assert sitter.stdout
        assert sitter.stdout.readline() == b"sits\n"
        sitter.stdout.close()
        return sitter

    def take(self) -> subprocess.Popen[bytes]:
        """Ask for the memory of all who sit; at last who asks may be killed for it, too."""
        command = [self._programs, "take", str(TAKER_MIB)]
        taker = self._begin(f"{self._hostname}-taker", self.taking, command)
        taker.communicate()
        assert taker.returncode in (0, -9)
        return taker

    def _begin(self, hostname: str, cgroup: Path, command: list[str]) -> subprocess.Popen[bytes]:
        inside = [self._programs, "in", hostname, *command]
        command = ["sh", "-c", JOIN, str(cgroup), *inside]
        self._begun.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        return self._begun[-1]


@pytest.fixture
def row(programs: str, hostname: str, memory_cgroup: Path, tmp_path: Path) -> Iterator[Row]:
    made = Row(programs, hostname, memory_cgroup, tmp_path)
    yield made
    made.close()


def test_a_hundred_victims_are_told_as_the_kernel_log_tells_them_and_nothing_of_who_asked_for_the_memory(
    hostname: str, watch: "Watch", row: Row, kernel_log: int
) -> None:
    logged: dict[int, tuple[str, ...]] = {}
    killed: dict[int, tuple[bytes, bytes, int]] = {}
    spared = set()
    asking = f"{hostname}-taker".encode()
    with watch() as recorder:
        for number in range(ROUNDS):
            sitting = {f"s{number}-{place}": row.sit(f"s{number}-{place}") for place in range(SITTERS)}
            taker = row.take()
            assert {sitter.wait() for sitter in sitting.values()} == {-9}
            here = {
                sitter.pid: (name.encode(), hostname.encode(), row.sitting.stat().st_ino)
                for name, sitter in sitting.items()
            }
            if taker.returncode == 0:
                spared.add(taker.pid)
            else:
                here[taker.pid] = (b"programs", asking, row.taking.stat().st_ino)
            logged |= killed_according_to(kernel_log, *here)
            killed |= here
        recorder.catch_up()
        counters = recorder.monitor.counters()
    victims = recorder.of_kind(OomKilled)
    print(f"{len(victims)} victims, {len(spared)} of {ROUNDS} who asked lived")
    assert len(victims) == len(killed) == ROUNDS * SITTERS + ROUNDS - len(spared)
    assert {victim.pid: figures(victim) for victim in victims} == logged
    assert killed == {
        victim.pid: (victim.comm, victim.hostname, victim.memory_cgroup_id) for victim in victims
    }
    ends = {fact.pid: fact for fact in recorder.exited if fact.pid in killed.keys() | spared}
    assert {pid for pid, end in ends.items() if end.oom_killed} == killed.keys()
    assert {victim.pid: victim.start_boot_ns for victim in victims} == {
        pid: ends[pid].start_boot_ns for pid in killed
    }
    assert {ends[pid].signal for pid in killed} == {9}
    assert spared
    assert {(ends[pid].exit_code, ends[pid].hostname) for pid in spared} == {(0, asking)}
    assert counters.dropped == counters.missed == counters.unmatched == 0
