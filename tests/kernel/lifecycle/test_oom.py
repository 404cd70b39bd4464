from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.kernel.lifecycle.conftest import Monitor

pytestmark = pytest.mark.kernel
V1 = Path("/sys/fs/cgroup/memory")
V2 = Path("/sys/fs/cgroup")
LIMIT_BYTES = 32 << 20


@pytest.fixture
def memory_cgroup(hostname: str) -> Iterator[Path]:
    """Give a memory cgroup of 32 MiB."""
    delegated = V2 / "cgroup.subtree_control"
    if (V1 / "cgroup.procs").exists():
        group, limit = V1 / hostname, "memory.limit_in_bytes"
    elif delegated.exists() and "memory" in delegated.read_text():
        group, limit = V2 / hostname, "memory.max"
    else:
        pytest.skip("no memory cgroup can be made here")
    group.mkdir()
    try:
        (group / limit).write_text(str(LIMIT_BYTES))
        yield group
    finally:
        group.rmdir()


def test_an_oom_kill_names_the_victim_and_its_exit_follows(
    monitor: Callable[..., Monitor], run_as: Callable[[str], int], memory_cgroup: Path
) -> None:
    running = monitor()
    hog = f"exec {sys.executable} -c 'b = bytearray({4 * LIMIT_BYTES}); b[::4096] = b[::4096]'"
    run_as(f'sh -c "echo \\$\\$ >{memory_cgroup}/cgroup.procs; {hog}"; true')
    told = running.lines_until(lambda one: one["type"] == "EXIT" and one["oom_killed"])
    (kill,) = (one for one in told if one["type"] == "OOM")
    end = told[-1]
    assert kill["pid"] == kill["target_pid"] == end["pid"]
    assert kill["comm"].startswith("python")
    assert kill["argv"] == end["argv"]
    assert kill["total_vm_bytes"] > kill["anon_rss_bytes"] > LIMIT_BYTES / 2
    assert kill["memory_cgroup_id"] == str(memory_cgroup.stat().st_ino)
    assert (end["exit_code"], end["signal"], end["target_pid"]) == (137, "SIGKILL", 0)
