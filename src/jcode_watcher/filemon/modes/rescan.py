"""Mode `rescan`: hears nothing, and has everything compared with the disk from time to time.

It needs no privilege but to read, and works on every file system.
"""

import os
from collections.abc import Iterator

from jcode_watcher.filemon.changes import COMPARE, Change
from jcode_watcher.filemon.errors import CannotWatch, NoFileHandles
from jcode_watcher.filemon.mounts import filesystem_type
from jcode_watcher.filemon.place_disk import PlaceDisk
from jcode_watcher.filemon.ports import Pauses
from jcode_watcher.filemon.timer import Timer

NO_FILES = frozenset(
    {"proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs", "devtmpfs", "devpts", "bpf"}
)
DUE = b"due"
CHANGE_DUE = Change(COMPARE, 0, b"", b"", b"")


class RescanWatch:
    """Rings every so many seconds. A comparison that is still under way then is not begun again."""

    foreign = 0
    unfinished = False

    def __init__(self, root: bytes, pauses: Pauses) -> None:
        """Open the root. CannotWatch if it cannot be listed."""
        self.disk = open_disk(root)
        self._timer = Timer()
        self._timer.ring(pauses.rescan_seconds, pauses.rescan_seconds)

    def fileno(self) -> int:
        """Give what to poll: readable means that `read` has something."""
        return self._timer.fileno()

    def read(self) -> bytes:
        """Tell whether a comparison is due; nothing where it is not. Never waits."""
        return DUE if self._timer.rang() else b""

    def changes(self, buffer: bytes) -> Iterator[Change]:  # noqa: ARG002 - it can only say one thing
        """Say that a comparison is due."""
        yield CHANGE_DUE

    def ahead(self, buffer: bytes, followed: int) -> Iterator[Change]:  # noqa: ARG002 - it cannot be done
        """None: nothing is heard of."""
        return iter(())

    def close(self) -> None:
        """Ring no more."""
        self._timer.close()
        self.disk.close()


def open_disk(root: bytes) -> PlaceDisk:
    """Open the root. CannotWatch if it cannot be listed, or what is there is the kernel speaking."""
    refuse_what_holds_no_files(root)
    try:
        return PlaceDisk(root)
    except OSError as e:
        raise CannotWatch(
            f"{os.fsdecode(root)} cannot be listed ({e.strerror}); let the agent read it"
        ) from None


def refuse_what_holds_no_files(root: bytes) -> None:
    """NoFileHandles where what looks like files is the kernel speaking."""
    kind = filesystem_type(root)
    if kind in NO_FILES:
        raise NoFileHandles(f"{os.fsdecode(root)} lies on {kind}, which holds no files that anybody saves")
