"""Opens by path what lies below one root, and nothing else: openat2(2) refuses links, `..` and mounts."""

import os
import time
from collections.abc import Iterator
from typing import Any

from jcode_watcher.filemon._disk import ffi, lib
from jcode_watcher.filemon.calls import checked
from jcode_watcher.filemon.fine_times import TICKS_SECONDS, has_fine_times
from jcode_watcher.filemon.look import Look

PATH_BYTES_MAX = 3500
"""Below PATH_MAX (4096): longer paths are walked in pieces."""
USUAL_BYTES_MAX = 1 << 16
"""Files up to this size are read into one buffer, which is kept."""
TICKS_NS = int(TICKS_SECONDS * 1e9)
"""What was changed more lately may have changed again, and show the same change time."""
FOLDER = os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY
PLACE = os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW


class Beneath:
    """Walks down from an open root. Made for one thread: it re-uses its buffers."""

    def __init__(self, root_fd: int, *, fine_times: bool | None = None) -> None:
        self._root_fd = root_fd
        fine = has_fine_times(b"/proc/self/fd/%d" % root_fd) if fine_times is None else fine_times
        self._looks = 1 if fine else 2
        """At the path, where one could miss what its times do not show."""
        self._buffer = ffi.new("char[]", USUAL_BYTES_MAX + 1)
        self._reading: Any = ffi.new("struct reading *")

    def open(self, path: bytes, flags: int = FOLDER) -> int:
        """Open what a path, relative and not empty, leads to. OSError if it leads nowhere, or out."""
        fd = self._root_fd
        *outer_pieces, last = _pieces(path)
        for piece in (*outer_pieces, None):
            outer = fd
            try:
                fd = checked(
                    lib.disk_open_beneath(outer, last, flags)
                    if piece is None
                    else lib.disk_open_beneath(outer, piece, FOLDER)
                )
            finally:
                if outer != self._root_fd:
                    os.close(outer)
        return fd

    def look(self, fd: int, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        """Read an open file, then look whether a path leads to it; see `Disk.look`."""
        if len(path) > PATH_BYTES_MAX:
            return self._look_far_down(fd, path, links_max, bytes_max, writer_pid)
        found, folder_fd, looks = self._reading, self._root_fd, self._looks
        buffer, room = self._buffer, min(bytes_max, USUAL_BYTES_MAX)
        checked(lib.disk_read(fd, folder_fd, path, links_max, buffer, room, looks, writer_pid, found))
        if found.read < 0 and room < found.size <= bytes_max and found.links <= links_max:
            buffer, room = ffi.new("char[]", found.size + 1), found.size
            checked(lib.disk_read(fd, folder_fd, path, links_max, buffer, room, looks, writer_pid, found))
        read, ctime_ns, writing = found.read, found.ctime_ns, found.writing
        return Look(
            None if read < 0 else ffi.buffer(buffer, read)[:],
            found.size,
            found.mtime_ns,
            ctime_ns,
            found.inode,
            found.links,
            found.in_place,
            found.changed,
            # What is from the future is from another machine's clock, or time was set.
            self._looks == 1 or not 0 <= time.time_ns() - ctime_ns < TICKS_NS,
            None if writing < 0 else writing > 0,
        )

    def _look_far_down(self, fd: int, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        folder_path, _, name = path.rpartition(b"/")
        folder_fd = self.open(folder_path)
        try:
            folder = Beneath(folder_fd, fine_times=self._looks == 1)
            return folder.look(fd, name, links_max, bytes_max, writer_pid)
        finally:
            os.close(folder_fd)


def _pieces(path: bytes) -> Iterator[bytes]:
    while len(path) > PATH_BYTES_MAX:
        cut = path.rindex(b"/", 0, PATH_BYTES_MAX)
        yield path[:cut]
        path = path[cut + 1 :]
    yield path
