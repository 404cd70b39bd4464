"""What the kernel says of an inode, as far as it tells one from another (statx(2))."""

import ctypes
import os
import stat
import struct

AT_EMPTY_PATH = 0x1000
AT_SYMLINK_NOFOLLOW = 0x100
STATX_TYPE = 0x1
STATX_INO = 0x100
STATX_BTIME = 0x800
STATX_MNT_ID = 0x1000
WANTED = STATX_TYPE | STATX_INO | STATX_BTIME | STATX_MNT_ID
STATX_BYTES = 256
MODE_AT = 28
INO_AT = 32
BTIME_AT = 80
DEV_AT = 136
MNT_ID_AT = 144
FOLDER_MARK = b"d"
FILE_MARK = b"f"
_BIRTH = struct.Struct("=qI")

_libc = ctypes.CDLL(None, use_errno=True)
_libc.statx.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]


def is_folder(key: bytes) -> bool:
    """Tell whether a key is one of a folder."""
    return key.startswith(FOLDER_MARK)


class Inodes:
    """Gives keys and mounts of what is open or has a name. Made for one thread: it re-uses its buffer."""

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(STATX_BYTES)

    def of(self, fd: int) -> tuple[bytes, int]:
        """Give the key of what is open, and the number of the mount through which it was opened."""
        return self._ask(fd, b"", AT_EMPTY_PATH)

    def at(self, folder_fd: int, name: bytes) -> tuple[bytes, int]:
        """Give the key of what has a name in an open folder, and its mount. OSError if nothing has."""
        return self._ask(folder_fd, name, AT_SYMLINK_NOFOLLOW)

    def _ask(self, fd: int, name: bytes, flags: int) -> tuple[bytes, int]:
        if _libc.statx(fd, name, flags, WANTED, self._buffer) < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        answer = self._buffer.raw
        mount = int.from_bytes(answer[MNT_ID_AT : MNT_ID_AT + 8], "little")
        device = answer[DEV_AT : DEV_AT + 8]
        inode = answer[INO_AT : INO_AT + 8]
        if stat.S_ISDIR(int.from_bytes(answer[MODE_AT : MODE_AT + 2], "little")):
            # overlayfs gives a folder another birth when it copies it up.
            return FOLDER_MARK + device + inode, mount
        given = int.from_bytes(answer[:4], "little")
        birth = answer[BTIME_AT : BTIME_AT + _BIRTH.size] if given & STATX_BTIME else bytes(_BIRTH.size)
        return FILE_MARK + device + inode + birth, mount
