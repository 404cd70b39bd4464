"""Processes that ran before the monitor: what the kernel lists, filled from /proc."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from jcode_watcher.procmon.decode import ContainerOf, argv_of, in_no_container, placed, text
from jcode_watcher.procmon.facts import Executed
from jcode_watcher.procmon.record import Head

PROC: Final = Path("/proc")
TICK_NS: Final = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
START_TICKS_FIELD: Final = 22 - 3
"""Of /proc/PID/stat, from the field after the name; proc(5) counts from 1, and the name is the second."""
DELETED: Final = b" (deleted)"


class Details(NamedTuple):
    """What /proc tells of a process."""

    argv_area: bytes
    exe: bytes
    cwd: bytes


def found(
    heads: Iterable[Head],
    argv_bytes_max: int,
    wall_offset_ns: int,
    container_of: ContainerOf = in_no_container,
    proc: Path = PROC,
) -> Iterator[Executed]:
    """Give each process that is still there; the end of one that is not comes from the kernel."""
    for head in heads:
        details = details_of(head, proc)
        if details is None:
            continue
        yield Executed(
            time_ns=head.boot_ns + wall_offset_ns,
            boot_ns=head.boot_ns,
            pid=head.pid,
            started_ns=head.start_boot_ns + wall_offset_ns,
            start_boot_ns=head.start_boot_ns,
            ppid=head.ppid,
            namespace_pid=head.namespace_pid,
            uid=head.uid,
            gid=head.gid,
            comm=text(head.comm),
            exe=details.exe,
            filename=b"",
            argv=argv_of(details.argv_area[:argv_bytes_max]),
            argv_truncated=len(details.argv_area) > argv_bytes_max,
            argv_bytes=len(details.argv_area),
            cwd=details.cwd,
            hostname=text(head.hostname),
            cgroup_id=head.cgroup_id,
            memory_cgroup_id=head.memory_cgroup_id,
            found_running=True,
            **placed(head, container_of(head)),
        )


def details_of(head: Head, proc: Path) -> Details | None:
    """Read what the kernel's list does not hold; None if that very process is gone."""
    folder = proc / str(head.pid)
    try:
        root = _link(folder / "root")
        argv_area = (folder / "cmdline").read_bytes()
        exe = below(_link(folder / "exe").removesuffix(DELETED), root)
        cwd = below(_link(folder / "cwd").removesuffix(DELETED), root)
        # Last: if the pid is still the same process now, all of the above was about it.
        start_ticks = int((folder / "stat").read_bytes().rpartition(b")")[2].split()[START_TICKS_FIELD])
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Details(argv_area, exe, cwd) if start_ticks == head.start_boot_ns // TICK_NS else None


def below(path: bytes, root: bytes) -> bytes:
    """Give `path` as seen by a process whose root is `root`."""
    if root in (b"", b"/"):
        return path
    if path == root:
        return b"/"
    return path.removeprefix(root) if path.startswith(root + b"/") else path


def _link(path: Path) -> bytes:
    """Give where a link points; nothing where CAP_SYS_PTRACE is missing, without which /proc hides it."""
    try:
        return os.fsencode(path.readlink())
    except PermissionError:
        return b""
