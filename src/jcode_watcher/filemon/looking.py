"""Looks at regular files. Of a place it finds out first whether it is one: no FIFO or device is opened."""

import os
import stat
import time
from typing import Any

import msgspec

from jcode_watcher.filemon._disk import ffi, lib
from jcode_watcher.filemon.beneath import PATH_BYTES_MAX, Beneath
from jcode_watcher.filemon.calls import refusal
from jcode_watcher.filemon.fine_times import TICKS_SECONDS, has_fine_times
from jcode_watcher.filemon.look import Look, NotRegular

READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
USUAL_BYTES_MAX = 1 << 20
"""Files up to this size are read into one buffer, which is kept; for larger ones another is made."""
INODES = (1 << 64) - 1
"""Inode numbers have no sign."""
FOUND = len(ffi.typeof("struct reading").fields)
"""Numbers that a look brings."""
TICKS_NS = int(TICKS_SECONDS * 1e9)
"""What was changed more lately may have changed again, and show the same change time."""


class Looker:
    """Reads files, and looks whether a path below a root leads to them. Made for one thread."""

    def __init__(self, root_fd: int, *, fine_times: bool | None = None) -> None:
        self._beneath = Beneath(root_fd)
        self._fine = has_fine_times(b"/proc/self/fd/%d" % root_fd) if fine_times is None else fine_times
        self._room = USUAL_BYTES_MAX
        self._buffer = ffi.new("char[]", USUAL_BYTES_MAX + 1)
        self._reader: Any = ffi.new("struct reader *")
        self._reader.mount_fd = self._reader.folder_fd = root_fd
        # One look at the path could miss what its times do not show.
        self._reader.looks = 1 if self._fine else 2
        self._reader.flags = READING | os.O_NOATIME
        self._reader.buffer = self._buffer
        self._found = ffi.cast("int64_t *", ffi.addressof(self._reader, "found"))

    def may_leave_traces(self) -> None:
        """Only a file's owner, or CAP_FOWNER, may read without leaving a trace; this process is neither."""
        self._reader.flags = READING

    def look_at_place(self, place: int, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        """Look at what is open as a mere place (O_PATH). NotRegular, or OSError if refused."""
        if not stat.S_ISREG(os.fstat(place).st_mode):
            raise NotRegular
        fd = self._open(f"/proc/self/fd/{place}")
        try:
            return self.look(fd, path, links_max, bytes_max, writer_pid)
        finally:
            os.close(fd)

    def look(self, file: int | bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        """Look at an open regular file, or at one by its handle. OSError if refused; see `Disk.look`."""
        if len(path) > PATH_BYTES_MAX:
            return self._look_far_down(file, path, links_max, bytes_max, writer_pid)
        read: Any = lib.disk_read_handle if isinstance(file, bytes) else lib.disk_read
        room = min(bytes_max, self._room)
        if read(self._reader, file, path, links_max, room, writer_pid) < 0:
            raise refusal()
        inode, size, links, mtime_ns, ctime_ns, read_bytes, in_place, changed, locked, writing = ffi.unpack(
            self._found, FOUND
        )
        if read_bytes < 0 and room < size <= bytes_max and links <= links_max:
            return self._look_at_large(file, path, links_max, size, writer_pid)
        return Look(
            None if read_bytes < 0 else ffi.unpack(self._buffer, read_bytes),
            size,
            mtime_ns,
            ctime_ns,
            inode & INODES,
            links,
            in_place > 0,
            changed > 0,
            # What is from the future is from another machine's clock, or time was set.
            self._fine or not 0 <= time.time_ns() - ctime_ns < TICKS_NS,
            None if writing < 0 else writing > 0,
            locked > 0,
        )

    def _look_at_large(
        self, file: int | bytes, path: bytes, links_max: int, size: int, writer_pid: int
    ) -> Look:
        usual = self._buffer
        self._room, self._buffer = size, ffi.new("char[]", size + 1)
        self._reader.buffer = self._buffer
        try:
            return self.look(file, path, links_max, size, writer_pid)
        finally:
            self._room, self._buffer = USUAL_BYTES_MAX, usual
            self._reader.buffer = usual

    def _open(self, path: str) -> int:
        try:
            return os.open(path, self._reader.flags)
        except PermissionError:
            self.may_leave_traces()
            return os.open(path, self._reader.flags)

    def _look_far_down(
        self, file: int | bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int
    ) -> Look:
        folder_path, _, name = path.rpartition(b"/")
        root_fd, folder_fd = self._reader.folder_fd, self._beneath.open(folder_path)
        try:
            self._reader.folder_fd = folder_fd
            look = self.look(file, name, links_max, bytes_max, writer_pid)
            # The folder may have gone elsewhere meanwhile.
            is_there = look.in_place and self._leads_to(folder_path, folder_fd)
        finally:
            self._reader.folder_fd = root_fd
            os.close(folder_fd)
        return look if is_there else msgspec.structs.replace(look, in_place=False)

    def _leads_to(self, path: bytes, folder_fd: int) -> bool:
        try:
            fd = self._beneath.open(path)
        except OSError:
            return False
        try:
            return os.path.samestat(os.fstat(fd), os.fstat(folder_fd))
        finally:
            os.close(fd)
