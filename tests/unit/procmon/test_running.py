import os
import time
from pathlib import Path

import pytest

from jcode_watcher.procmon.record import HEAD, Flag, Head, Kind
from jcode_watcher.procmon.running import TICK_NS, below, found


def head(pid: int, start_boot_ns: int) -> Head:
    return Head(
        size=HEAD.size,
        kind=Kind.RUNNING,
        flags=Flag.PINNED,
        boot_ns=9_000,
        start_boot_ns=start_boot_ns,
        cgroup_id=1,
        memory_cgroup_id=2,
        container_id=1,
        container_hierarchy=0,
        pid=pid,
        ppid=4,
        namespace_pid=5,
        uid=6,
        gid=7,
        comm=b"sh\0\0",
        hostname=b"host\0",
    )


def process(
    proc: Path, pid: int, start_ticks: int, *, root: str = "/", exe: str = "/bin/sh", cwd: str = "/home"
) -> None:
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "stat").write_text(f"{pid} (a) b) S " + "0 " * 18 + f"{start_ticks} 0 0")
    (folder / "cmdline").write_bytes(b"sh\0-c\0exit\0")
    for name, target in (("root", root), ("exe", exe), ("cwd", cwd)):
        (folder / name).symlink_to(target)


def test_what_the_kernel_listed_is_filled_from_proc(tmp_path: Path) -> None:
    process(tmp_path, 3, 12, exe="/bin/sh (deleted)")
    (seen,) = found([head(3, 12 * TICK_NS + 5)], 4096, 1_000, proc=tmp_path)
    assert (seen.pid, seen.exe, seen.cwd, seen.argv) == (3, b"/bin/sh", b"/home", (b"sh", b"-c", b"exit"))
    assert (seen.comm, seen.hostname, seen.found_running) == (b"sh", b"host", True)
    assert (seen.time_ns, seen.start_boot_ns) == (10_000, 12 * TICK_NS + 5)


def test_long_arguments_are_cut_and_it_is_said(tmp_path: Path) -> None:
    process(tmp_path, 3, 12)
    (seen,) = found([head(3, 12 * TICK_NS)], 4, 0, proc=tmp_path)
    assert (seen.argv, seen.argv_truncated, seen.argv_bytes) == ((b"sh", b"-"), True, 11)


def test_one_that_has_gone_is_left_out(tmp_path: Path) -> None:
    assert list(found([head(3, 0)], 4096, 0, proc=tmp_path)) == []


def test_another_process_with_the_pid_of_one_that_has_gone_is_left_out(tmp_path: Path) -> None:
    process(tmp_path, 3, 13)
    assert list(found([head(3, 12 * TICK_NS)], 4096, 0, proc=tmp_path)) == []


@pytest.mark.parametrize(
    ("path", "root", "seen"),
    [
        (b"/srv/x/bin/sh", b"/srv/x", b"/bin/sh"),
        (b"/srv/x", b"/srv/x", b"/"),
        (b"/srv/xy", b"/srv/x", b"/srv/xy"),
        (b"/bin/sh", b"/", b"/bin/sh"),
        (b"/bin/sh", b"", b"/bin/sh"),
    ],
)
def test_paths_are_those_below_the_process_own_root(path: bytes, root: bytes, seen: bytes) -> None:
    assert below(path, root) == seen


def test_this_very_process_is_found_in_the_real_proc() -> None:
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    (seen,) = found([head(os.getpid(), ticks * TICK_NS)], 1 << 20, time.time_ns())
    assert seen.cwd == os.fsencode(Path.cwd())
    assert seen.exe == os.fsencode(Path("/proc/self/exe").readlink())
