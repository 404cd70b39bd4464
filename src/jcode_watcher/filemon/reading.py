"""Reads files safely: by its key, regular files, within a limit, unchanged meanwhile, still in place."""

import errno
import hashlib
import os
from collections.abc import Callable
from enum import Enum

import msgspec

from jcode_watcher.filemon.facts import FileState
from jcode_watcher.filemon.opening import NotRegular
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.tree import File, Folder

LINK_SEARCH_ENTRIES_MAX = 10_000
"""Entries of one folder that are looked at for further names of a file with several links."""


class Unread(Enum):
    """Why nothing can be said of a file's content."""

    GONE = "gone"
    NOT_REGULAR = "not_regular"
    CHANGING = "changing"
    UNREADABLE = "unreadable"
    UNCERTAIN = "uncertain"
    """The kernel could not say just now; the events that say what became of it should follow at once."""


class Reading(msgspec.Struct, frozen=True):
    """A file as it was at one moment."""

    state: FileState
    content: bytes | None
    omitted: str | None
    links: int = 1
    """Names on the whole file system, just now; 0 where it has lost its last one."""
    in_place: bool = True
    """False where it was not at its path any more afterwards, so that nobody knows yet where it was read."""


class FileReader:
    """Reads files below one root; it never opens a FIFO or device, and never waits for one."""

    def __init__(
        self, disk: Disk, names_of: Callable[[bytes], tuple[File, ...]], content_bytes_max: int
    ) -> None:
        self._disk = disk
        self._names_of = names_of
        self._content_bytes_max = content_bytes_max

    def read(self, file: File, path: bytes) -> Reading | Unread:
        """Read what bears the file's key, and look whether it then still is what this path leads to.

        If it is, what was read was inside the root when it was read.
        """
        try:
            fd = self._disk.open_file(file.key)
        except NotRegular:
            return Unread.NOT_REGULAR
        except OSError as e:
            return _unread(e)
        try:
            return self._read_open(fd, file, path)
        except OSError as e:
            return _unread(e)
        finally:
            os.close(fd)

    def state_of(self, file: File) -> os.stat_result | None:
        """Give what the disk says of the file's key now; None if it is gone."""
        try:
            place = self._disk.open_path(file.key)
        except OSError:
            return None
        try:
            return os.fstat(place)
        finally:
            os.close(place)

    def _read_open(self, fd: int, file: File, path: bytes) -> Reading | Unread:
        before = os.fstat(fd)
        omitted = self._left_out(file, before)
        content = None if omitted else _read_whole(fd, before.st_size)
        after = self._disk.at_path(path)
        # The number names this very inode, as it is still open here.
        in_place = after is not None and (after.st_ino, after.st_dev) == (before.st_ino, before.st_dev)
        if after is None or not in_place:
            after = os.fstat(fd)
        if omitted is None and after.st_nlink > before.st_nlink:
            # A name that was made meanwhile may be one outside, through which others write.
            omitted = self._left_out(file, after)
        if content is None or omitted is not None:
            return Reading(_state(file, before, None), None, omitted, after.st_nlink, in_place)
        if (
            len(content) != before.st_size
            or after.st_size != before.st_size
            or after.st_mtime_ns != before.st_mtime_ns
        ):
            return Unread.CHANGING
        sha256 = hashlib.sha256(content).hexdigest()
        return Reading(_state(file, after, sha256), content, None, after.st_nlink, in_place)

    def _left_out(self, file: File, status: os.stat_result) -> str | None:
        """Say why a file's content is not to be read; None where it is."""
        if status.st_size > self._content_bytes_max:
            return "too_large"
        if status.st_nlink > 1 and self._names_inside(file, status) < status.st_nlink:
            return "linked_outside"
        return None

    def _names_inside(self, file: File, status: os.stat_result) -> int:
        """Count the names of a file with several links: those known, and unwanted ones beside them."""
        names = self._names_of(file.key)
        if len(names) >= status.st_nlink:
            return len(names)
        folders = {name.folder for name in names} | {file.folder}
        return sum(self._names_in(folder, file.key, status.st_ino) for folder in folders)

    def _names_in(self, folder: Folder, key: bytes, inode: int) -> int:
        fd = self._disk.open_folder(folder.key)
        found = 0
        try:
            with os.scandir(fd) as entries:
                for _, entry in zip(range(LINK_SEARCH_ENTRIES_MAX), entries, strict=False):
                    if entry.inode() == inode and self._disk.key_at(fd, os.fsencode(entry.name)) == key:
                        found += 1
        finally:
            os.close(fd)
        return found


def _state(file: File, status: os.stat_result, sha256: str | None) -> FileState:
    return FileState(file.key, status.st_size, status.st_mtime_ns, status.st_ctime_ns, sha256)


def _read_whole(fd: int, size: int) -> bytes:
    """Read one byte more than there should be, so that a file that grows is noticed."""
    content = os.read(fd, size + 1)
    while 0 < len(content) < size:
        more = os.read(fd, size + 1 - len(content))
        if not more:
            break
        content += more
    return content


def _unread(refused: OSError) -> Unread:
    if refused.errno in (errno.ESTALE, errno.ENOENT):
        return Unread.GONE
    if refused.errno in (errno.EWOULDBLOCK, errno.ETXTBSY):
        return Unread.CHANGING  # another process holds a lease: it is at work on the file
    if refused.errno == errno.ENOMEM:
        # ext4's answer, too, while it gives a deleted file's inode number to a new one (iget_locked).
        return Unread.UNCERTAIN
    return Unread.UNREADABLE
