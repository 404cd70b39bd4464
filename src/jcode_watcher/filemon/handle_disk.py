"""Folders and files by file handle: keys that no rename changes and no symbolic link can bend.

name_to_handle_at(2) and open_by_handle_at(2); the key is the bytes of the whole `struct file_handle`.
"""

import contextlib
import errno
import os

from jcode_watcher.filemon._disk import ffi, lib
from jcode_watcher.filemon.beneath import Beneath
from jcode_watcher.filemon.calls import checked
from jcode_watcher.filemon.errors import CannotWatch, NoFileHandles, NotPrivileged
from jcode_watcher.filemon.look import Look
from jcode_watcher.filemon.looking import Looker
from jcode_watcher.filemon.mounts import filesystem_type

KEY_BYTES_MAX = 8 + 128
"""Length and type of a handle, and MAX_HANDLE_SZ of linux/fcntl.h."""
PLACE = os.O_PATH | os.O_CLOEXEC
REGULAR_MAX = 1 << 16
"""Files that are remembered as regular: some 10 MB. Beyond, all are forgotten and looked at again."""
LISTING = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NONBLOCK


class HandleDisk:
    """Opens by handle what lies below one root. Made for one thread: it re-uses its buffers."""

    def __init__(self, root: bytes) -> None:
        """Open the root. CannotWatch if its file system gives no handles or the process may not use them."""
        self._key = ffi.new("char[]", KEY_BYTES_MAX)
        self._mount = ffi.new("int *")
        self._regular: set[bytes] = set()
        self._root_fd = os.open(root, LISTING)
        self._beneath = Beneath(self._root_fd)
        self._looker = Looker(self._root_fd)
        try:
            self.root_key, self._root_mount = self._root_handle(root)
        except CannotWatch:
            self.close()
            raise

    def key_at(self, folder_fd: int, name: bytes) -> bytes | None:
        """Give the key of what has this name in an open folder; None if nothing has, or a mount covers it."""
        length = lib.disk_handle(folder_fd, name, self._key, self._mount)
        if length < 0 or self._mount[0] != self._root_mount:
            return None
        key: bytes = ffi.unpack(self._key, length)
        return key

    def open_folder(self, key: bytes) -> int:
        """Open a folder for listing. OSError if it is gone."""
        return self._open(key, LISTING)

    def open_path(self, key: bytes) -> int:
        """Open anything as a mere place (O_PATH), which touches neither FIFO nor device. OSError if gone."""
        return self._open(key, PLACE)

    def look(self, key: bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        """Read a regular file, then look whether a path below the root, across no link, leads to it."""
        if key in self._regular:
            # An inode is of one type for ever, and its handle goes stale with it.
            try:
                return self._looker.look(key, path, links_max, bytes_max, writer_pid)
            except OSError as e:
                if e.errno != errno.EPERM:
                    raise
                self._looker.may_leave_traces()
        place = self.open_path(key)
        try:
            look = self._looker.look_at_place(place, path, links_max, bytes_max, writer_pid)
        finally:
            os.close(place)
        if len(self._regular) >= REGULAR_MAX:
            self._regular.clear()
        self._regular.add(key)
        return look

    def is_at(self, folder_path: bytes, name: bytes, key: bytes) -> bool:
        """Tell whether, below the root and across no link or mount, this path leads to `key` right now."""
        if not folder_path:
            return self.key_at(self._root_fd, name) == key
        try:
            fd = self._beneath.open(folder_path)
        except OSError:
            return False
        try:
            return self.key_at(fd, name) == key
        finally:
            os.close(fd)

    def parent_of(self, key: bytes) -> tuple[bytes, bytes] | None:
        """Give the key of the folder around a folder, and its name there; None where there is none.

        None is also the answer for what lies at the top of the mount. OSError if the folder is gone.
        """
        fd = self.open_path(key)
        try:
            above = os.open("..", PLACE | os.O_DIRECTORY, dir_fd=fd)
            try:
                above_key = self.key_at(above, b".")
                if above_key is None or above_key == key:
                    return None
                name = self._name_in(above_key, above, fd, key)
            finally:
                os.close(above)
        finally:
            os.close(fd)
        return None if name is None else (above_key, name)

    def must_answer(self, refused: OSError) -> None:
        """A file system with handles is this machine's own: what it says is an answer."""

    def forget_places(self) -> None:
        """Nothing is remembered: a handle leads to its file wherever that is."""

    def close(self) -> None:
        """Let go of everything that was open."""
        if self._root_fd >= 0:
            os.close(self._root_fd)
            self._root_fd = -1

    def _open(self, key: bytes, flags: int) -> int:
        return checked(lib.disk_open_handle(self._root_fd, key, flags))

    def _name_in(self, above_key: bytes, above_fd: int, fd: int, key: bytes) -> bytes | None:
        """Find a folder's name in its parent: what the kernel says, if it is true, else by looking."""
        with contextlib.suppress(OSError):  # the path may be longer than the kernel is able to tell
            said = os.path.basename(os.readlink(b"/proc/self/fd/%d" % fd))  # noqa: PTH115, PTH119 - names are bytes
            if said and self.key_at(above_fd, said) == key:
                return said
        with contextlib.suppress(OSError):
            listing_fd = self.open_folder(above_key)
            try:
                with os.scandir(listing_fd) as entries:
                    names = (os.fsencode(e.name) for e in entries if e.is_dir(follow_symlinks=False))
                    return next((n for n in names if self.key_at(listing_fd, n) == key), None)
            finally:
                os.close(listing_fd)
        return None

    def _root_handle(self, root: bytes) -> tuple[bytes, int]:
        """Prove once that handles are given and taken."""
        try:
            length = checked(lib.disk_handle(self._root_fd, b".", self._key, self._mount))
        except OSError as e:
            raise NoFileHandles(
                f"{os.fsdecode(root)} lies on {filesystem_type(root)}, which gives no file handles "
                f"({e.strerror}); mode handles cannot watch it"
            ) from None
        key = ffi.unpack(self._key, length)
        try:
            os.close(self._open(key, PLACE))
        except PermissionError:
            raise NotPrivileged(
                f"{os.fsdecode(root)}: opening by file handle is not permitted; "
                "the process needs CAP_DAC_READ_SEARCH in the host's user namespace"
            ) from None
        except OSError as e:
            raise NoFileHandles(
                f"{os.fsdecode(root)} lies on {filesystem_type(root)}, which takes no file handles "
                f"({e.strerror}); mode handles cannot watch it"
            ) from None
        return key, self._mount[0]
