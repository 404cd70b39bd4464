"""Writes into the snapshot tree: never over anything, never through a link, and nothing twice.

A version is written under its event's id into the agent's own folder of the base, and then linked to its
name, which either makes the name or fails. As long as the spool does not know that the event is in the tree,
the id's name stays: after a crash the two names of one inode say that the version has its place already.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from jcode_watcher.agent.snapshots.errors import NotWritten, TreeUnusable, refused
from jcode_watcher.agent.snapshots.layout import Place, stamp_of

OWN_FOLDER: Final = b".jcode-watcher"
FOLDER_MODE: Final = 0o750
FILE_MODE: Final = 0o640
LATER_SECONDS_MAX: Final = 300
"""How far from its second a version may be named, where versions before it have all the seconds between."""
READ_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of a version that is read again because its file moved: the most that any has."""
OPENED_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})
"""How `link` says that a file system has none."""


class Tree:
    """The tree below one base, as long as it is open. Used by one thread."""

    def __init__(self, base: Path, node: str) -> None:
        """Take the name of the node: agents of several nodes may share a base."""
        self._base = base
        self._own_name = sha256(node.encode()).hexdigest()[:16].encode()

    @contextmanager
    def opened(self, free_bytes_min: int) -> Iterator["OpenTree"]:
        """Open the tree for some versions; TreeUnusable where that cannot be, or leaves too little room."""
        folders: list[int] = []
        try:
            try:
                # How the base itself is reached is the operator's affair.
                folders.append(os.open(self._base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
                for name in (OWN_FOLDER, self._own_name):
                    folders.append(folder_in(folders[-1], name))
                room = os.fstatvfs(folders[0])
            except OSError as error:
                reason = {errno.ENOENT: "absent", errno.EACCES: "refused"}.get(error.errno or 0, "unusable")
                known = refused(error, str(self._base))
                raise TreeUnusable(
                    known.reason if isinstance(known, TreeUnusable) else reason, str(known)
                ) from error
            free_bytes = room.f_bavail * room.f_frsize
            if free_bytes < free_bytes_min:
                raise TreeUnusable(
                    "no_space",
                    f"{self._base}: {free_bytes} bytes free, {free_bytes_min} are left alone; free the disk, "
                    "or lower --snapshots-free-bytes-min",
                )
            yield OpenTree(folders[0], folders[-1])
        finally:
            for folder in folders:
                os.close(folder)


class OpenTree:
    """An open base, and the agent's own folder in it."""

    def __init__(self, base: int, own: int) -> None:
        self._base = base
        self._own = own

    def write(self, key: bytes, place: Place, time_ns: int, content: bytes) -> None:
        """Write a version, so that it and its name are on disk; what is there already under this key, stays.

        NotWritten or TreeUnusable, and then there is nothing of it.
        """
        try:
            with self._folder(place.folders) as folder:
                if not self._has_place(key, folder, place, time_ns):
                    self._write_own(key, time_ns, content)
                    self._give_place(key, folder, place, time_ns)
                os.fsync(folder)
        except OSError as error:
            raise refused(error, os.fsdecode(b"/".join(place.folders))) from error

    def is_begun(self, key: bytes) -> bool:
        """Tell whether a version was written under this key, and not forgotten yet."""
        with suppress(FileNotFoundError):
            os.stat(key, dir_fd=self._own, follow_symlinks=False)
            return True
        return False

    def newest(self, place: Place) -> bytes | None:
        """Give the content of a file's newest version; None where it has none."""
        try:
            with self._folder(place.folders) as folder:
                names = [name for name in entries(folder) if not name.startswith(b".")]
                return read_whole(folder, max(names)) if names else None
        except OSError as error:
            raise refused(error, os.fsdecode(b"/".join(place.folders))) from error

    def forget(self, keys: Sequence[bytes]) -> None:
        """Remember no more that these were written."""
        for key in keys:
            with suppress(FileNotFoundError):
                os.unlink(key, dir_fd=self._own)

    def begun(self) -> list[bytes]:
        """Give the keys of all that is not forgotten."""
        return entries(self._own)

    @contextmanager
    def _folder(self, folders: Sequence[bytes]) -> Iterator[int]:
        """Open a folder in the tree by way of folders alone, making what is absent."""
        opened = self._base
        try:
            for name in folders:
                inner = folder_in(opened, name)
                if opened != self._base:
                    os.close(opened)
                opened = inner
            yield opened
        finally:
            if opened != self._base:
                os.close(opened)

    def _has_place(self, key: bytes, folder: int, place: Place, time_ns: int) -> bool:
        """Tell whether an earlier attempt came to its end; what is left of one that did not is removed."""
        try:
            own = os.stat(key, dir_fd=self._own, follow_symlinks=False)
        except FileNotFoundError:
            return False
        for name in names_of(place, time_ns):
            with suppress(FileNotFoundError):
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if (found.st_ino, found.st_dev) == (own.st_ino, own.st_dev):
                    return True
        os.unlink(key, dir_fd=self._own)
        return False

    def _write_own(self, key: bytes, time_ns: int, content: bytes) -> None:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(key, flags, FILE_MODE, dir_fd=self._own)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(file, view) :]
            # The true moment, also where the name had to be a later second's.
            os.utime(file, ns=(time_ns, time_ns))
            os.fsync(file)
        except OSError:
            os.unlink(key, dir_fd=self._own)
            raise
        finally:
            os.close(file)

    def _give_place(self, key: bytes, folder: int, place: Place, time_ns: int) -> None:
        """Link what was written to the first second from its own on that no other version has."""
        try:
            for name in names_of(place, time_ns):
                with suppress(FileExistsError):
                    os.link(key, name, src_dir_fd=self._own, dst_dir_fd=folder, follow_symlinks=False)
                    return
        except OSError as error:
            has_links = error.errno not in NO_LINKS or self._can_link(key)
            os.unlink(key, dir_fd=self._own)
            if not has_links:
                raise TreeUnusable("no_hard_links", "the base's file system has no hard links") from error
            raise
        os.unlink(key, dir_fd=self._own)
        raise NotWritten("too_many", f"no free name within {LATER_SECONDS_MAX} seconds")

    def _can_link(self, key: bytes) -> bool:
        """Tell whether it is one folder that refuses links, not the file system that has none."""
        try:
            os.link(key, key + b".link", src_dir_fd=self._own, dst_dir_fd=self._own, follow_symlinks=False)
        except OSError:
            return False
        os.unlink(key + b".link", dir_fd=self._own)
        return True


def names_of(place: Place, time_ns: int) -> Iterator[bytes]:
    """Give the names that a version may have, the best first; in this order no later version comes before."""
    return (stamp_of(time_ns, seconds) + place.suffix for seconds in range(LATER_SECONDS_MAX))


def folder_in(outer: int, name: bytes) -> int:
    """Open a folder, made where there is none. OSError, also where the name is a link's."""
    try:
        return os.open(name, OPENED_FOLDER, dir_fd=outer)
    except FileNotFoundError:
        with suppress(FileExistsError):
            os.mkdir(name, FOLDER_MODE, dir_fd=outer)
            os.fsync(outer)
    return os.open(name, OPENED_FOLDER, dir_fd=outer)


def read_whole(folder: int, name: bytes) -> bytes | None:
    """Read a version; None where it is none, or longer than any."""
    with suppress(FileNotFoundError):
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(file, "rb") as opened:
            content = opened.read(READ_BYTES_MAX + 1)
            return content if len(content) <= READ_BYTES_MAX else None
    return None


def entries(folder: int) -> list[bytes]:
    """Give the names in an open folder."""
    with os.scandir(folder) as found:
        return [os.fsencode(entry.name) for entry in found]
