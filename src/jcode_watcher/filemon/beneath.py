"""Opens by path what lies below one root, and nothing else: openat2(2) refuses links, `..` and mounts."""

import ctypes
import os
from collections.abc import Iterator

PATH_BYTES_MAX = 3500
"""Below PATH_MAX (4096): longer paths are walked in pieces."""
SYS_OPENAT2 = 437
"""The same on every architecture."""
RESOLVE = 0x01 | 0x02 | 0x04 | 0x08
"""RESOLVE_NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH of linux/openat2.h."""
FOLDER = os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY
PLACE = os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.argtypes = [
    ctypes.c_long,
    ctypes.c_int,
    ctypes.c_char_p,
    ctypes.c_void_p,
    ctypes.c_size_t,
]
_libc.syscall.restype = ctypes.c_long


class Beneath:
    """Walks down from an open root. Made for one thread: it re-uses its buffer."""

    def __init__(self, root_fd: int) -> None:
        self._root_fd = root_fd
        self._how = _OpenHow(FOLDER, 0, RESOLVE)
        self._how_at = ctypes.addressof(self._how)

    def open(self, path: bytes, flags: int = FOLDER) -> int:
        """Open what a path, relative and not empty, leads to. OSError if it leads nowhere, or out."""
        fd = self._root_fd
        *outer_pieces, last = _pieces(path)
        for piece in (*outer_pieces, None):
            outer = fd
            try:
                fd = (
                    self._openat2(outer, last, flags)
                    if piece is None
                    else self._openat2(outer, piece, FOLDER)
                )
            finally:
                if outer != self._root_fd:
                    os.close(outer)
        return fd

    def status(self, path: bytes) -> os.stat_result | None:
        """Give what a path leads to; None if it leads nowhere, or out."""
        try:
            fd = (
                self._openat2(self._root_fd, path, PLACE)
                if len(path) <= PATH_BYTES_MAX
                else self.open(path, PLACE)
            )
        except OSError:
            return None
        try:
            return os.fstat(fd)
        finally:
            os.close(fd)

    def _openat2(self, folder_fd: int, path: bytes, flags: int) -> int:
        self._how.flags = flags
        fd: int = _libc.syscall(SYS_OPENAT2, folder_fd, path, self._how_at, ctypes.sizeof(self._how))
        if fd < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return fd


def _pieces(path: bytes) -> Iterator[bytes]:
    while len(path) > PATH_BYTES_MAX:
        cut = path.rindex(b"/", 0, PATH_BYTES_MAX)
        yield path[:cut]
        path = path[cut + 1 :]
    yield path
