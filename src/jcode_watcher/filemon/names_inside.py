"""How many names of a file with several are below the root at this moment: through others, outsiders write.

What was heard of names is out of date where they come and go, so each is looked for on the disk.
"""

import os
import time
from collections import defaultdict
from typing import Final, NamedTuple

from jcode_watcher.filemon._disk import lib
from jcode_watcher.filemon.budget import Budget
from jcode_watcher.filemon.calls import checked
from jcode_watcher.filemon.look import Look
from jcode_watcher.filemon.other_names import OtherNames
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.tree import File, Folder, Tree

LINKS_SEARCHED_MAX: Final = 256
"""Of a file with more links only wanted names count: each search costs as much as there are links."""
ENTRIES_MAX: Final = 10_000
"""Entries of one folder that are looked at for further names."""
SEARCHES: Final = (400, 100)
"""At once, and a second: of a file whose names are not searched for, content waits until all are known."""
LOOKS: Final = (100_000, 20_000)
"""Known names that are looked for at once, and a second: some 3 µs each. What finds no room is read later."""
FOUND_SECONDS: Final = 1.0
FOUND_MAX: Final = 64


class Found(NamedTuple):
    """How many of so many known names were there; they are as long as the file's change time stays."""

    ctime_ns: int
    known: int
    there: int
    until: float


class NamesInside:
    """Counts names; only while a file's change time stays the same does the count mean anything."""

    def __init__(self, disk: Disk, tree: Tree) -> None:
        self._disk = disk
        self._tree = tree
        self.other_names = OtherNames()
        self._searches = Budget(*SEARCHES)
        self._looks = Budget(*LOOKS)
        self._found: dict[bytes, Found] = {}

    def count(self, file: File, look: Look) -> int | None:
        """Count the names of a file: those known, and if too few, all beside them. None: not just now."""
        known = self._tree.names[file.key]
        if len(known) >= look.links:
            there = self._known(file.key, known, look)
            if there is None or there >= look.links:
                return there
        if look.links > LINKS_SEARCHED_MAX or not self._searches.take():
            return min(len(known), look.links - 1)
        folders = {name.folder for name in known} | {file.folder}
        others = map(self._tree.folder, self.other_names.folders_of(file.key))
        folders.update(folder for folder in others if folder is not None)
        return sum(self._search(folder, file.key, look.inode) for folder in folders)

    def _known(self, key: bytes, names: tuple[File, ...], look: Look) -> int | None:
        now = time.monotonic()
        found = self._found.get(key)
        if found is not None and found[:2] == (look.ctime_ns, len(names)) and found.until > now:
            return found.there
        if not self._looks.take(len(names)):
            return None
        by_folder: defaultdict[Folder, list[bytes]] = defaultdict(list)
        for file in names:
            by_folder[file.folder].append(file.name)
        count = sum(self._there(folder, key, inside) for folder, inside in by_folder.items())
        if len(self._found) >= FOUND_MAX:
            self._found.clear()
        self._found[key] = Found(look.ctime_ns, len(names), count, now + FOUND_SECONDS)
        return count

    def _there(self, folder: Folder, key: bytes, names: list[bytes]) -> int:
        fd = self._open(folder)
        if fd is None:
            return 0
        try:
            checked(lib.disk_wait_for_names(fd))
            return sum(self._disk.key_at(fd, name) == key for name in names)
        except OSError as e:
            self._disk.must_answer(e)
            return 0
        finally:
            os.close(fd)

    def _search(self, folder: Folder, key: bytes, inode: int) -> int:
        fd = self._open(folder)
        if fd is None:
            return 0
        found = 0
        try:
            with os.scandir(fd) as entries:
                for _, entry in zip(range(ENTRIES_MAX), entries, strict=False):
                    if entry.inode() == inode and self._disk.key_at(fd, os.fsencode(entry.name)) == key:
                        found += 1
        finally:
            os.close(fd)
        return found

    def _open(self, folder: Folder) -> int | None:
        """Open a folder if it is below the root, where it is believed to be; None if it is not."""
        parent = folder.parent
        try:
            if parent is not None and not self._disk.is_at(parent.path, folder.name, folder.key):
                return None
            return self._disk.open_folder(folder.key)
        except OSError as e:
            self._disk.must_answer(e)
            return None
