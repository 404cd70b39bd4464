"""What the kernel says of an inode, as far as it tells one from another (statx(2), name_to_handle_at(2))."""

import ctypes
import os
import stat

AT_EMPTY_PATH = 0x1000
AT_SYMLINK_NOFOLLOW = 0x100
AT_STATX_FORCE_SYNC = 0x2000
STATX_TYPE = 0x1
STATX_MTIME = 0x40
STATX_INO = 0x100
STATX_BTIME = 0x800
STATX_MNT_ID = 0x1000
WANTED = STATX_TYPE | STATX_INO | STATX_BTIME | STATX_MNT_ID
STATX_BYTES = 256
MODE_AT = 28
INO_AT = 32
BTIME_AT = 80
BTIME_BYTES = 12
DEV_AT = 136
MNT_ID_AT = 144
HANDLE_BYTES_MAX = 128
HANDLE_HEAD_BYTES = 8
FOLDER_MARK = b"d"
FILE_MARK = b"f"
UNKNOWN_BIRTH = bytes(BTIME_BYTES)

_libc = ctypes.CDLL(None, use_errno=True)
_libc.statx.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
_libc.name_to_handle_at.argtypes = [
    ctypes.c_int,
    ctypes.c_char_p,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_int,
]


def is_folder(key: bytes) -> bool:
    """Tell whether a key is one of a folder."""
    return key.startswith(FOLDER_MARK)


def number_of(inode: int, *, like: bytes) -> bytes:
    """Give what begins the key of any file with this inode number beside a folder, whose key is `like`."""
    return FILE_MARK + like[1:9] + inode.to_bytes(8, "little")


class Inodes:
    """Gives keys and mounts of what is open or has a name. Made for one thread: it re-uses its buffers."""

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(STATX_BYTES)
        self._handle = ctypes.create_string_buffer(HANDLE_HEAD_BYTES + HANDLE_BYTES_MAX)
        self._mount = ctypes.c_int()

    def of(self, fd: int) -> tuple[bytes, int]:
        """Give the key of what is open, and the number of the mount through which it was opened."""
        return self._ask(fd, b"", AT_EMPTY_PATH)

    def at(self, folder_fd: int, name: bytes) -> tuple[bytes, int]:
        """Give the key of what has a name in an open folder, and its mount. OSError if nothing has."""
        return self._ask(folder_fd, name, AT_SYMLINK_NOFOLLOW)

    def ask_anew(self, fd: int) -> None:
        """Have the file system itself say something of what is open. OSError if it does not answer."""
        # NFS asks its server only for what may change, such as the time of the last change.
        self._statx(fd, b"", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_MTIME)

    def _ask(self, fd: int, name: bytes, flags: int) -> tuple[bytes, int]:
        answer = self._statx(fd, name, flags, WANTED)
        mount = int.from_bytes(answer[MNT_ID_AT : MNT_ID_AT + 8], "little")
        device = answer[DEV_AT : DEV_AT + 8]
        inode = answer[INO_AT : INO_AT + 8]
        if stat.S_ISDIR(int.from_bytes(answer[MODE_AT : MODE_AT + 2], "little")):
            # overlayfs gives a folder another birth when it copies it up.
            return FOLDER_MARK + device + inode, mount
        given = int.from_bytes(answer[:4], "little")
        birth = (
            answer[BTIME_AT : BTIME_AT + BTIME_BYTES] if given & STATX_BTIME else self._handle_of(fd, name)
        )
        return FILE_MARK + device + inode + birth, mount

    def _statx(self, fd: int, name: bytes, flags: int, wanted: int) -> bytes:
        if _libc.statx(fd, name, flags, wanted, self._buffer) < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return self._buffer.raw

    def _handle_of(self, fd: int, name: bytes) -> bytes:
        """Give a file's handle, which tells apart what one inode number was given to; NFS tells no birth."""
        room = ctypes.c_uint32.from_buffer(self._handle)
        room.value = HANDLE_BYTES_MAX
        flags = 0 if name else AT_EMPTY_PATH
        if _libc.name_to_handle_at(fd, name, self._handle, ctypes.byref(self._mount), flags) < 0:
            return UNKNOWN_BIRTH
        used = room.value
        return self._handle.raw[HANDLE_HEAD_BYTES : HANDLE_HEAD_BYTES + used]
