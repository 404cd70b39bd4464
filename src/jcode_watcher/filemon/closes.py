"""The kernel's queue of completed writes: it opens each file for us, and names the writer (fanotify(7))."""

import errno
import os
from collections.abc import Callable
from typing import NamedTuple

from jcode_watcher.filemon import fanotify
from jcode_watcher.filemon.changes import OVERFLOWED
from jcode_watcher.filemon.errors import FANOTIFY_REFUSED, CannotWatch, NoFileHandles, NotPrivileged
from jcode_watcher.filemon.mounts import filesystem_type
from jcode_watcher.filemon.tree import NOBODY

GROUP = fanotify.CLASS_NOTIF | fanotify.CLOEXEC | fanotify.NONBLOCK | fanotify.UNLIMITED_QUEUE
READ_EVENTS_MAX = 128
"""The kernel opens a descriptor for each event it gives; these are closed before more are asked for."""


class Closed(NamedTuple):
    """A file that somebody has completed writing."""

    key: bytes
    """NOBODY where the file is gone."""
    path: bytes
    """As the kernel tells it; through another mount it means nothing here."""
    pid: int


class Closes(bytes):
    """What the kernel wrote of closes, with what was found of each while it was open here."""

    closed: list[Closed | None]
    """None for an overflow."""

    @property
    def full(self) -> bool:
        """Whether the kernel may have had more."""
        return len(self) == READ_EVENTS_MAX * fanotify.METADATA.size


NONE = Closes()
NONE.closed = []


class ClosesQueue:
    """A mark on a whole file system."""

    def __init__(self, root: bytes) -> None:
        """Mark the root's file system. CannotWatch if it cannot be, or a privilege is missing."""
        self._fd = -1
        try:
            self._fd = fanotify.init(GROUP)
            fanotify.mark_filesystem(self._fd, fanotify.CLOSE_WRITE, root)
        except OSError as e:
            self.close()
            raise _refusal(root, e) from None

    def fileno(self) -> int:
        """Give what to poll."""
        return self._fd

    def read(self, key_of_open: Callable[[int], bytes]) -> Closes:
        """Take what the kernel has, up to a limit, and ask at once for the key of each file. Never waits."""
        try:
            buffer = os.read(self._fd, fanotify.METADATA.size * READ_EVENTS_MAX)
        except BlockingIOError:
            return NONE
        except OSError as e:
            if e.errno in (errno.EMFILE, errno.ENFILE):
                raise
            # What was closed cannot be opened any more; inotify told that it was written.
            return NONE
        closes = Closes(buffer)
        closes.closed = [_identified(*event, key_of_open) for event in fanotify.opened(buffer)]
        return closes

    def close(self) -> None:
        """Hear nothing any more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _identified(mask: int, fd: int, pid: int, key_of_open: Callable[[int], bytes]) -> Closed | None:
    if mask & OVERFLOWED or fd < 0:
        return None
    try:
        path = os.readlink(b"/proc/self/fd/%d" % fd)  # noqa: PTH115 - names are bytes
    except OSError:
        path = b""  # it is longer than the kernel is able to tell
    try:
        return Closed(key_of_open(fd), path, pid)
    except OSError:
        return Closed(NOBODY, b"", pid)  # another NFS client has deleted it
    finally:
        os.close(fd)


def _refusal(root: bytes, refused: OSError) -> CannotWatch:
    where = os.fsdecode(root)
    if refused.errno == errno.EPERM:
        return NotPrivileged(f"{where}: {FANOTIFY_REFUSED}")
    return NoFileHandles(
        f"{where} lies on {filesystem_type(root)}, whose completed writes fanotify does not tell "
        f"({refused.strerror}); mode descriptors cannot watch it"
    )
