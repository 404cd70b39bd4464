"""Mode `handles`: one fanotify mark on the file system, names and handles with every event.

The kernel must be 5.17 or newer, and the file system give handles (ext4, xfs, btrfs's top volume, tmpfs).
"""

import errno
import os
from collections.abc import Iterator
from itertools import islice

from jcode_watcher.filemon import fanotify
from jcode_watcher.filemon.changes import OVERFLOWED, Change
from jcode_watcher.filemon.errors import (
    FANOTIFY_REFUSED,
    CannotWatch,
    KernelTooOld,
    NoFileHandles,
    NotPrivileged,
)
from jcode_watcher.filemon.handle_disk import HandleDisk
from jcode_watcher.filemon.mounts import filesystem_type

GROUP = (
    fanotify.CLASS_NOTIF
    | fanotify.CLOEXEC
    | fanotify.NONBLOCK
    | fanotify.UNLIMITED_QUEUE
    | fanotify.REPORT_DFID_NAME_TARGET
)
MASK = (
    fanotify.CLOSE_WRITE
    | fanotify.CREATE
    | fanotify.DELETE
    | fanotify.RENAME
    | fanotify.MODIFY
    | fanotify.ONDIR
)
READ_BYTES_MAX = 1 << 16
"""Some 600 events, which bear one time of hearing."""


class HandleWatch:
    """Hears every change on the root's file system from the moment it is made."""

    unfinished = False

    def __init__(self, root: bytes, *, group: int = GROUP) -> None:
        """Mark the file system. CannotWatch if the kernel, the file system or a privilege is missing."""
        self.foreign = 0
        self.disk = HandleDisk(root)
        self._fsid = os.statvfs(root).f_fsid.to_bytes(8, "little")
        try:
            self._fd = _group(root, group)
        except CannotWatch:
            self.disk.close()
            raise
        try:
            _mark(root, self._fd)
        except CannotWatch:
            self.close()
            raise

    def fileno(self) -> int:
        """Give what to poll: readable means that `read` has something."""
        return self._fd

    def read(self) -> bytes:
        """Take what the kernel has, up to a limit; nothing where it has nothing. Never waits."""
        try:
            return os.read(self._fd, READ_BYTES_MAX)
        except BlockingIOError:
            return b""

    def changes(self, buffer: bytes) -> Iterator[Change]:
        """Decode what `read` gave, one change at a time, in the kernel's order."""
        for event in fanotify.events(buffer):
            if self._is_ours(event):
                yield event
            else:
                self.foreign += 1

    def ahead(self, buffer: bytes, followed: int) -> Iterator[Change]:
        """Give all that `changes` will after so many changes."""
        return islice((event for event in fanotify.events(buffer) if self._is_ours(event)), followed, None)

    def close(self) -> None:
        """Hear nothing any more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            self.disk.close()

    def _is_ours(self, event: fanotify.Event) -> bool:
        return event.fsid == self._fsid or event.what & OVERFLOWED != 0


def _group(root: bytes, flags: int) -> int:
    try:
        return fanotify.init(flags)
    except OSError as e:
        raise _refusal(root, e) from None


def _mark(root: bytes, group_fd: int) -> None:
    try:
        fanotify.mark_filesystem(group_fd, MASK, root)
    except OSError as e:
        raise _refusal(root, e) from None


def _refusal(root: bytes, refused: OSError) -> CannotWatch:
    """Say in one line what the kernel means by an error number (fanotify_init(2), fanotify_mark(2))."""
    where = os.fsdecode(root)
    if refused.errno == errno.EPERM:
        return NotPrivileged(f"{where}: {FANOTIFY_REFUSED}")
    if refused.errno in (errno.EINVAL, errno.ENOSYS):
        return KernelTooOld(
            f"{where}: Linux {os.uname().release} knows no fanotify with names and targets; "
            "5.17 or newer does"
        )
    if refused.errno in (errno.EMFILE, errno.ENOSPC, errno.ENOMEM):
        return CannotWatch(
            f"{where}: the kernel has no room for one more fanotify group or mark ({refused.strerror}); "
            "raise fs.fanotify.max_user_groups and max_user_marks"
        )
    if refused.errno == errno.EXDEV:
        return NoFileHandles(
            f"{where} is a subvolume of {filesystem_type(root)}; watch the top volume instead"
        )
    return NoFileHandles(
        f"{where} lies on {filesystem_type(root)}, which gives no events with names and handles "
        f"({refused.strerror}); mode handles cannot watch it"
    )
