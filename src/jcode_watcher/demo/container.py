"""A student's container: own UTS, PID and mount namespaces, and a memory cgroup with a limit."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jcode_watcher.demo.errors import CannotStart

MEMORY_BYTES_MAX: Final = 128 * 1024 * 1024
INSIDE: Final = "/home/coder/project"
"""Where a WebIDE's container sees its workspace."""
ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/home/coder",
    "LC_ALL": "C.UTF-8",
}

ENTER: Final = """
echo $$ > "$1/cgroup.procs" || exit 70
exec unshare --uts --pid --mount --fork --kill-child --mount-proc bash --norc --noprofile -c '
  set -e
  hostname "$1"
  mount -t tmpfs tmpfs /home
  mkdir -p "$3"
  mount --bind "$2" "$3"
  cd "$3"
  exec bash --norc --noprofile
' bash "$2" "$3" "$4"
"""


@dataclass(frozen=True)
class MemoryCgroup:
    """A memory cgroup below the one this process is in, of whichever version the machine has."""

    path: Path

    @classmethod
    def create(cls, name: str) -> "MemoryCgroup":
        """Make it, with a limit of `MEMORY_BYTES_MAX` bytes and no swap."""
        version_1 = Path("/sys/fs/cgroup/memory")
        root = version_1 if version_1.is_dir() else Path("/sys/fs/cgroup")
        # Its own, whatever another demo on this machine, or a killed one, has left.
        group = cls(root / f"{name}-{os.getpid()}")
        try:
            group.path.mkdir()
        except OSError as error:
            raise CannotStart(f"no memory cgroup {group.path}: {error.strerror}") from error
        limits = (
            ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
            if root == version_1
            else ("memory.max", "memory.swap.max")
        )
        for limit, value in zip(limits, (MEMORY_BYTES_MAX, swap_limit(limits[1])), strict=True):
            if (group.path / limit).exists():
                (group.path / limit).write_text(str(value))
        return group

    def remove(self) -> None:
        """Remove it; its processes have ended."""
        self.path.rmdir()


def swap_limit(name: str) -> int:
    """Version 1 limits memory and swap together, version 2 swap alone."""
    return MEMORY_BYTES_MAX if "memsw" in name else 0


def enter(cgroup: MemoryCgroup, hostname: str, workspace: Path, status_fd: int) -> subprocess.Popen[bytes]:
    """Start a shell inside, in the workspace, which reads commands from its standard input.

    `status_fd` stays open in it under its number.
    """
    return subprocess.Popen(
        ["sh", "-c", ENTER, "sh", os.fspath(cgroup.path), hostname, os.fspath(workspace), INSIDE],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(status_fd,),
        env=ENVIRONMENT,
        start_new_session=True,
    )
