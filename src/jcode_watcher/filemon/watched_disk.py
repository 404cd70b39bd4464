"""A disk on which every folder is watched before it is listed, so that nothing falls in between."""

import errno
import os
from collections.abc import Callable

from jcode_watcher.filemon import inotify
from jcode_watcher.filemon.inodes import number_of
from jcode_watcher.filemon.place_disk import Place, PlaceDisk
from jcode_watcher.filemon.silly_names import inode_of

NO_ROOM = (errno.ENOSPC, errno.ENOMEM)
GHOST = b"ghost"
"""Begins the key of what was heard of, and was gone before anybody could look."""


def is_ghost(key: bytes) -> bool:
    """Tell whether a key stands for what nobody saw."""
    return key.startswith(GHOST)


class WatchedDisk(PlaceDisk):
    """Opens by key, and knows which of inotify's numbers stands for which folder."""

    def __init__(
        self,
        root: bytes,
        inotify_fd: int,
        mask: int,
        no_room: Callable[[], None],
        unanswered: Callable[[], None],
    ) -> None:
        """Open the root; `no_room` is called for each folder that the kernel has no room to watch.

        OSError if the root cannot be listed or watched.
        """
        super().__init__(root, unanswered)
        self._no_room = no_room
        self._inotify_fd = inotify_fd
        self._mask = mask
        self._folders: dict[int, bytes] = {}
        self._watches: dict[bytes, int] = {}
        self._ghosts = 0
        try:
            self._watch(self.root_key, self._root_fd)
        except OSError:
            self.close()
            raise

    def open_folder(self, key: bytes) -> int:
        """Watch a folder, and open it for listing. OSError if it is gone."""
        fd = super().open_folder(key)
        if key not in self._watches:
            try:
                self._watch(key, fd)
            except OSError as e:
                if e.errno not in NO_ROOM:
                    os.close(fd)
                    self.must_answer(e)
                    raise
                self._no_room()
        return fd

    def folder_of(self, watch: int) -> bytes | None:
        """Give the key of the folder that a number stands for."""
        return self._folders.get(watch)

    def target(self, place: Place) -> bytes:
        """Give the key of what an event at a place is about: what is there, was there, or nobody saw."""
        key = self.key_now(place) or self.bearer(place)
        if key is None:
            self._ghosts += 1
            key = GHOST + b"%d" % self._ghosts
        self.learn(place, key)
        return key

    def target_renamed(self, source: Place, destination: Place) -> bytes:
        """Give the key of what was renamed, and remember where it is now."""
        believed, found = self.bearer(source), self.key_now(destination)
        if believed is None or is_ghost(believed):
            key = found or believed or self.target(source)
        elif found is None or found == believed:
            key = believed
        else:
            # It was replaced in its new place since; or it stayed, in an exchange that was half followed.
            key = found if self.key_now(source) == believed else believed
        if self.bearer(source) == key:
            self.forget(source)
        self.learn(destination, key)
        return key

    def place_before(self, silly_place: Place) -> Place | None:
        """Give the place in the same folder from which NFS renamed a file that was deleted while open.

        None if that cannot be told: it was not come across, or lost several names.
        """
        folder, name = silly_place
        number = number_of(inode_of(name), like=self.root_key)
        keys = [key for key in self._places if key.startswith(number)]
        gone = [(p, k) for k in keys for p in self.places_of(k) if p[0] == folder and self.key_now(p) != k]
        return gone[0][0] if len(gone) == 1 else None

    def release(self, watch: int) -> None:
        """The kernel watches this folder no more."""
        key = self._folders.pop(watch, None)
        if key is not None and self._watches.get(key) == watch:
            del self._watches[key]

    def release_below(self, key: bytes) -> None:
        """Watch a folder that went out, and all that went with it, no more."""
        for inner, watch in list(self._watches.items()):
            if self._is_in(inner, key):
                self.release(watch)
                inotify.remove_watch(self._inotify_fd, watch)

    def forget_places(self) -> None:
        """Remember no more where things are, nor that they are watched: both is learned anew by listing."""
        super().forget_places()
        self._watches.clear()

    def _watch(self, key: bytes, fd: int) -> None:
        watch = inotify.add_watch(self._inotify_fd, fd, self._mask)
        self._folders[watch] = key
        self._watches[key] = watch

    def _is_in(self, inner: bytes, outer: bytes) -> bool:
        for _ in range(len(self._places) + 1):
            if inner == outer:
                return True
            above = self._places.get(inner)
            if above is None:
                return False
            inner = above[0][0]
        return False
