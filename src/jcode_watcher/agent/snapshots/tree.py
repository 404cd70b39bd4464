"""Writes into the snapshot tree: over nothing that others made, never through a link, and nothing twice.

A version is written under its event's id into the agent's own folder of the base, and then linked to its
name, which either makes the name or fails. As long as the spool does not know that the event is in the tree,
the id's name stays: after a crash the two names of one inode say that the version has its place already.
A version that finds no free name takes that of the one before it, in one step; what lost its name so is
written again after a crash, and so is all that came after it, in the same order: the last is the last again.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from jcode_watcher.agent.snapshots.errors import NotWritten, TreeUnusable, refused, unusable
from jcode_watcher.agent.snapshots.folders import entries, folder_in, is_version, read_whole
from jcode_watcher.agent.snapshots.layout import Place
from jcode_watcher.agent.snapshots.names import LATER_SECONDS_MAX, Latest, Names, Span, latest_first, name_of

OWN_FOLDER: Final = b".jcode-watcher"
FILE_MODE: Final = 0o640
TAKING: Final = b".new"
"""Ends the second name of a version that is about to take the name of another."""
NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})
"""How `link` says that a file system has none."""


class Tree:
    """The tree below one base, as long as it is open. Used by one thread."""

    def __init__(self, base: Path, node: str) -> None:
        """Take the name of the node: agents of several nodes may share a base."""
        self._base = base
        self._own_name = sha256(node.encode()).hexdigest()[:16].encode()
        self._names = Names()

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
                raise unusable(error, str(self._base), reason) from error
            free_bytes = room.f_bavail * room.f_frsize
            if free_bytes < free_bytes_min:
                raise TreeUnusable(
                    "no_space",
                    f"{self._base}: {free_bytes} bytes free, {free_bytes_min} are left alone; free the disk, "
                    "or lower --snapshots-free-bytes-min",
                )
            opened = OpenTree(folders[0], folders[-1], self._names)
            try:
                yield opened
            finally:
                opened.close()
        finally:
            for folder in folders:
                os.close(folder)


class OpenTree:
    """An open base, and the agent's own folder in it."""

    def __init__(self, base: int, own: int, names: Names) -> None:
        self._base = base
        self._own = own
        self._names = names
        self._unsynced: dict[tuple[bytes, ...], int] = {}
        """Folders that have names which are not on disk yet."""

    def write(self, key: bytes, place: Place, time_ns: int, content: bytes) -> bool:
        """Write a version, on disk after `sync`; tell whether it took the name of the one before it.

        What is there already under this key stays. After NotWritten or TreeUnusable there is nothing of it.
        """
        try:
            with self._folder(place.folders) as folder:
                took = False
                if not self._has_place(key, folder):
                    self._write_own(key, time_ns, content)
                    took = self._give_place(key, folder, place, time_ns)
                self._sync_later(place.folders, folder)
                return took
        except OSError as error:
            raise refused(error, place.path) from error

    def sync(self) -> None:
        """Bring to disk what was named since the last time; TreeUnusable where that fails."""
        while self._unsynced:
            folders, folder = self._unsynced.popitem()
            try:
                os.fsync(folder)
            except OSError as error:
                raise unusable(error, os.fsdecode(b"/".join(folders))) from error
            finally:
                os.close(folder)

    def close(self) -> None:
        """Let go of all folders."""
        while self._unsynced:
            os.close(self._unsynced.popitem()[1])

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
            raise refused(error, place.path) from error

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

    def _sync_later(self, folders: tuple[bytes, ...], folder: int) -> None:
        # Somebody may have put another folder in its place meanwhile.
        if (before := self._unsynced.pop(folders, None)) is not None:
            os.close(before)
        self._unsynced[folders] = os.dup(folder)

    def _has_place(self, key: bytes, folder: int) -> bool:
        """Tell whether an earlier attempt came to its end; what is left of one that did not is removed."""
        try:
            own = os.stat(key, dir_fd=self._own, follow_symlinks=False)
        except FileNotFoundError:
            return False
        if os.fstat(folder).st_dev == own.st_dev:
            with os.scandir(folder) as found:
                if any(entry.inode() == own.st_ino for entry in found):
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

    def _give_place(self, key: bytes, folder: int, place: Place, time_ns: int) -> bool:
        """Link what was written to the first name that may be its; tell whether another version had that."""
        span = self._names.span(place, time_ns, lambda: second_before(folder, place, time_ns))
        try:
            second = self._link(key, folder, place, span)
            if second is None:
                self._take_name(key, folder, place, span)
        except (OSError, NotWritten) as error:
            has_links = getattr(error, "errno", None) not in NO_LINKS or self._can_link(key)
            os.unlink(key, dir_fd=self._own)
            if not has_links:
                raise TreeUnusable("no_hard_links", "the base's file system has no hard links") from error
            raise
        self._names.note(place, Latest(span.time_ns, span.last if second is None else second))
        return second is None

    def _link(self, key: bytes, folder: int, place: Place, span: Span) -> int | None:
        """Give the second whose name was free; None where none was."""
        for second in range(span.first, span.last + 1):
            with suppress(FileExistsError):
                name = name_of(place, second)
                os.link(key, name, src_dir_fd=self._own, dst_dir_fd=folder, follow_symlinks=False)
                return second
        return None

    def _take_name(self, key: bytes, folder: int, place: Place, span: Span) -> None:
        """Put a version in the place of one before it; what no agent named is left alone."""
        name = name_of(place, span.last)
        # Only an agent names a file so long after its moment.
        if not is_version(folder, name, span.time_ns):
            raise NotWritten("too_many", f"{place.path}: no free name within {LATER_SECONDS_MAX} seconds")
        second_name = key + TAKING
        with suppress(FileNotFoundError):
            os.unlink(second_name, dir_fd=self._own)
        os.link(key, second_name, src_dir_fd=self._own, dst_dir_fd=self._own, follow_symlinks=False)
        os.rename(second_name, name, src_dir_fd=self._own, dst_dir_fd=folder)

    def _can_link(self, key: bytes) -> bool:
        """Tell whether it is one folder that refuses links, not the file system that has none."""
        try:
            os.link(key, key + b".link", src_dir_fd=self._own, dst_dir_fd=self._own, follow_symlinks=False)
        except OSError:
            return False
        os.unlink(key + b".link", dir_fd=self._own)
        return True


def second_before(folder: int, place: Place, time_ns: int) -> int | None:
    """Give the second of the last name that a version up to this moment has; None if there is none near."""
    near = latest_first(place, time_ns, entries(folder))
    return next((second for second, name in near if is_version(folder, name, time_ns)), None)
