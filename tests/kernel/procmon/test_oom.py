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
KILLED = re.compile(
    r"Killed process (\d+) \((.*)\) total-vm:(\d+)kB, anon-rss:(\d+)kB, file-rss:(\d+)kB"
    r".*oom_score_adj:(-?\d+)"
)


@pytest.fixture
def memory_cgroup(hostname: str) -> Iterator[Path]:
    """Give a memory cgroup of 24 MiB."""
    is_v1 = (V1 / "memory.limit_in_bytes").exists() or (V1 / "cgroup.procs").exists()
    if not is_v1 and "memory" not in controllers():
        pytest.skip("no memory cgroup can be made here")
    group = (V1 if is_v1 else V2) / hostname
    group.mkdir()
    try:
        (group / ("memory.limit_in_bytes" if is_v1 else "memory.max")).write_text(str(LIMIT_BYTES))
        yield group
    finally:
        group.rmdir()


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


def killed_according_to(log: int, pid: int) -> tuple[str, ...]:
    while True:
        line = os.read(log, 8192).decode(errors="replace")
        found = KILLED.search(line)
        if found and int(found[1]) == pid:
            return found.groups()


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
    pid, comm, total_vm, anon, file, adjustment = killed_according_to(kernel_log, hog.pid)
    assert (victim.pid, victim.comm) == (int(pid), comm.encode())
    assert victim.total_vm_bytes == int(total_vm) * 1024
    assert victim.anon_rss_bytes == int(anon) * 1024
    assert victim.file_rss_bytes == int(file) * 1024
    assert victim.oom_score_adj == int(adjustment)
    assert victim.memory_cgroup_id == memory_cgroup.stat().st_ino
    assert victim.program is not None
    assert victim.program.argv[1:] == (b"hog", b"0")
    assert (end.signal, end.exit_code, end.oom_killed) == (9, None, True)
    assert end.memory_cgroup_id == victim.memory_cgroup_id
    assert end.start_boot_ns == victim.start_boot_ns
    assert counters.seen == counters.filtered + counters.submitted + counters.dropped
