"""Folders and files by inode, found again by the name under which they were last seen.

For file systems without handles, and for processes without privileges. A key names one inode; the time of
its birth, where the file system has one, tells it from a later file with the same number. Opening walks down
from the root by openat2(2), which refuses links, `..` and mounts, and then looks whether it came to the key.
"""

import errno
import os
from collections.abc import Callable
from typing import TypeVar

from jcode_watcher.filemon.beneath import Beneath
from jcode_watcher.filemon.errors import Unanswered
from jcode_watcher.filemon.inodes import Inodes, is_folder
from jcode_watcher.filemon.look import Look
from jcode_watcher.filemon.looking import Looker

LISTING = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NONBLOCK
PLACE = os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW
OUTSIDE = b"outside"
"""The key of no folder: stands for all that lies outside the root."""
ABSENT = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EXDEV, errno.ENAMETOOLONG))
"""What is no refusal but the answer that nothing is there, or a link, or a mount."""
Place = tuple[bytes, bytes]
"""A folder's key, and a name in it."""
T = TypeVar("T")


class PlaceDisk:
    """Opens by key what lies below one root and was seen there. Made for one thread."""

    def __init__(self, root: bytes, unanswered: Callable[[], None] = lambda: None) -> None:
        """Open the root; `unanswered` is called when its file system ceases to answer.

        OSError if it cannot be listed.
        """
        self._unanswered = unanswered
        self._inodes = Inodes()
        self._root_fd = os.open(root, LISTING)
        self._beneath = Beneath(self._root_fd)
        self._looker = Looker(self._root_fd)
        self.root_key, self._mount = self._inodes.of(self._root_fd)
        self._places: dict[bytes, tuple[Place, ...]] = {}
        self._bearers: dict[Place, bytes] = {}
        self._listed: dict[int, bytes] = {}
        """Which folder was last opened as this descriptor."""

    def key_at(self, folder_fd: int, name: bytes) -> bytes | None:
        """Give the key of what has this name in a folder that `open_folder` opened, and remember the place.

        None if nothing has the name, or a mount covers it. OSError if that cannot be said.
        """
        place = self._listed[folder_fd], name
        try:
            key, mount = self._answer(self._inodes.at, folder_fd, name)
        except OSError as e:
            if e.errno not in (*ABSENT, errno.ESTALE):
                raise
            self.forget(place)
            return None
        if mount != self._mount:
            return None
        self.learn(place, key)
        return key

    def key_now(self, place: Place) -> bytes | None:
        """Give the key of what is at a place at this moment; None if nothing is. Remembers nothing."""
        try:
            fd = self._open(place[0], PLACE)
        except OSError:
            return None
        try:
            key, mount = self._answer(self._inodes.at, fd, place[1])
        except OSError:
            return None
        finally:
            os.close(fd)
        return key if mount == self._mount else None

    def key_of_open(self, fd: int) -> bytes:
        """Give the key of an open file. OSError if it is gone from an NFS server."""
        return self._inodes.of(fd)[0]

    def open_folder(self, key: bytes) -> int:
        """Open a folder for listing. OSError if it is gone."""
        fd = self._open(key, LISTING)
        self._listed[fd] = key
        return fd

    def open_path(self, key: bytes) -> int:
        """Open anything as a mere place (O_PATH), which touches neither FIFO nor device. OSError if gone."""
        return self._open(key, PLACE)

    def look(self, key: bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        """Read a regular file, then look whether a path below the root, across no link, leads to it."""
        place = self.open_path(key)
        try:
            return self._looker.look_at_place(place, path, links_max, bytes_max, writer_pid)
        finally:
            os.close(place)

    def is_at(self, folder_path: bytes, name: bytes, key: bytes) -> bool:
        """Tell whether, below the root and across no link or mount, this path leads to `key` right now."""
        path = folder_path + b"/" + name if folder_path else name
        try:
            fd = self._answer(self._beneath.open, path, PLACE)
        except OSError:
            return False
        try:
            return self._answer(self.key_of_open, fd) == key
        except OSError:
            return False
        finally:
            os.close(fd)

    def parent_of(self, key: bytes) -> Place | None:
        """Give the key of the folder around a folder, and its name there; None for the root and outside it.

        OSError if the folder is not where it was last seen.
        """
        if key in (self.root_key, OUTSIDE):
            return None
        os.close(self._open(key, PLACE))
        return self._places[key][0]

    def must_answer(self, refused: OSError) -> None:
        """Unanswered if it is not one file or folder that refused, but the whole file system."""
        if refused.errno in ABSENT:
            return
        try:
            self._inodes.ask_anew(self._root_fd)
        except OSError as e:
            self._unanswered()
            raise Unanswered(f"the file system does not answer ({e.strerror}); it is asked again") from e

    def forget_places(self) -> None:
        """Remember no more where things are: all folders are about to be listed again from the root."""
        self._places.clear()
        self._bearers.clear()

    def bearer(self, place: Place) -> bytes | None:
        """Give what was last known to be at a place."""
        return self._bearers.get(place)

    def places_of(self, key: bytes) -> tuple[Place, ...]:
        """Give the places at which a file is known to be."""
        return self._places.get(key, ())

    def learn(self, place: Place, key: bytes) -> None:
        """Remember what is at a place; a folder is at one place only."""
        if self._bearers.get(place) == key:
            return
        self.forget(place)
        if is_folder(key):
            for other in self.places_of(key):
                self.forget(other)
        self._bearers[place] = key
        self._places[key] = (*self.places_of(key), place)

    def forget(self, place: Place) -> None:
        """Nothing is at a place any more."""
        key = self._bearers.pop(place, None)
        if key is None:
            return
        others = tuple(p for p in self.places_of(key) if p != place)
        if others:
            self._places[key] = others
        else:
            self._places.pop(key, None)

    def close(self) -> None:
        """Let go of everything that was open."""
        if self._root_fd >= 0:
            os.close(self._root_fd)
            self._root_fd = -1

    def _open(self, key: bytes, flags: int) -> int:
        if key == self.root_key:
            return self._answer(self._open_root, flags)
        for place in self.places_of(key):
            path = self._path(place)
            fd = -1 if path is None else self._open_if(path, flags, key)
            if fd >= 0:
                return fd
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _open_if(self, path: bytes, flags: int, key: bytes) -> int:
        """Open a path if it leads to the key; -1 if not."""
        try:
            fd = self._answer(self._beneath.open, path, flags)
        except (FileNotFoundError, NotADirectoryError):
            return -1
        try:
            found = self._answer(self.key_of_open, fd)
        except BaseException:
            os.close(fd)
            raise
        if found == key:
            return fd
        os.close(fd)
        return -1

    def _open_root(self, flags: int) -> int:
        return os.open(b".", flags, dir_fd=self._root_fd)

    def _answer(self, call: Callable[..., T], *args: object) -> T:
        """Call, and once more where the file system answers after a refusal: that may have been no answer."""
        try:
            return call(*args)
        except OSError as e:
            if e.errno in ABSENT:
                raise
            self.must_answer(e)
        return call(*args)

    def _path(self, place: Place) -> bytes | None:
        """Work out a path below the root; None where a folder on the way has no known place."""
        names = [place[1]]
        folder = place[0]
        while folder != self.root_key:
            above = self._places.get(folder)
            if above is None or len(names) > len(self._places):
                return None  # not known, or renames half heard have made a circle
            folder, name = above[0]
            names.append(name)
        names.reverse()
        return b"/".join(names)
