"""What every measurement stands on: a file system of its own, on which nobody else does anything."""

import array
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

NICE = -10
SECONDS_MAX = 340.0
FILES = 60_000
FILES_OF_A_FOLDER = 1_000
WATCHES_MAX = 1_000_000
WATCH_LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
SAVE_LOOP = Path(__file__).parent / "programs/save_loop.c"
RUN_SECONDS_MAX = 60.0


class Ground(NamedTuple):
    """A load, and where it runs."""

    loop: Path
    root: Path
    scratch: Path
    """For files that nobody watches."""
    until: float
    """Monotonic seconds at which all is to be over."""

    def workspace(self) -> Path:
        """Give a folder with the files that are saved; made once."""
        folder = self.root / "saved"
        if not folder.exists():
            for first in range(0, FILES, FILES_OF_A_FOLDER):
                inner = folder / f"w{first // FILES_OF_A_FOLDER}"
                inner.mkdir(parents=True)
                for n in range(first, first + FILES_OF_A_FOLDER):
                    (inner / f"{n}.c").write_bytes(b"0")
        return folder

    def save(self, count: int, per_second: int = 0) -> "array.array[int]":
        """Save so many files, each once; give the monotonic nanoseconds at which each was closed."""
        command = (self.loop, self.workspace(), str(count), str(per_second), str(time.monotonic_ns()))
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=RUN_SECONDS_MAX)
        return array.array("q", done.stdout)


@contextmanager
def ground() -> Iterator[Ground]:
    """Compile the load and mount a tmpfs. The whole measurement goes before other work of the machine."""
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    with TemporaryDirectory(prefix="jcode-watcher-bench-") as name, room_for_peers():
        scratch = Path(name)
        subprocess.run(["gcc", "-O2", "-o", scratch / "save_loop", SAVE_LOOP], check=True)
        with mounted(scratch / "tmpfs") as root:
            yield Ground(scratch / "save_loop", root, scratch, time.monotonic() + SECONDS_MAX)


@contextmanager
def mounted(root: Path) -> Iterator[Path]:
    """Mount a tmpfs of its own there."""
    root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4g,nr_inodes=2m", "filemon-bench", root], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", "--lazy", root], check=True)


@contextmanager
def room_for_peers() -> Iterator[None]:
    """Let inotify watch as many folders as there are, for a while."""
    before = WATCH_LIMIT.read_text()
    WATCH_LIMIT.write_text(str(WATCHES_MAX))
    try:
        yield
    finally:
        WATCH_LIMIT.write_text(before)
