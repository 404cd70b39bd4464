"""What the kernel says of an inode, as far as it tells one from another (statx(2), name_to_handle_at(2))."""

from jcode_watcher.filemon._disk import ffi, lib
from jcode_watcher.filemon.calls import checked

FOLDER_MARK = b"d"
FILE_MARK = b"f"
KEY_BYTES_MAX = 1 + 8 + 8 + 128
"""Mark, device, inode number; then a time of birth or, at most MAX_HANDLE_SZ long, a handle."""


def is_folder(key: bytes) -> bool:
    """Tell whether a key is one of a folder."""
    return key.startswith(FOLDER_MARK)


def number_of(inode: int, *, like: bytes) -> bytes:
    """Give what begins the key of any file with this inode number beside a folder, whose key is `like`."""
    return FILE_MARK + like[1:9] + inode.to_bytes(8, "little")


class Inodes:
    """Gives keys and mounts of what is open or has a name. Made for one thread: it re-uses its buffers."""

    def __init__(self) -> None:
        self._key = ffi.new("char[]", KEY_BYTES_MAX)
        self._mount = ffi.new("uint64_t *")

    def of(self, fd: int) -> tuple[bytes, int]:
        """Give the key of what is open, and the number of the mount through which it was opened."""
        return self.at(fd, b"")

    def at(self, folder_fd: int, name: bytes) -> tuple[bytes, int]:
        """Give the key of what has a name in an open folder, and its mount. OSError if nothing has."""
        length = checked(lib.disk_key(folder_fd, name, self._key, self._mount))
        return ffi.unpack(self._key, length), self._mount[0]

    def ask_anew(self, fd: int) -> None:
        """Have the file system itself say something of what is open. OSError if it does not answer."""
        checked(lib.disk_ask_anew(fd))
