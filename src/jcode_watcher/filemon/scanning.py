"""Compares folders on the disk with what is known, in small steps, so that events need not wait."""

import os
from collections.abc import Iterator

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import FileState, How
from jcode_watcher.filemon.ledger import Ledger, Outcome
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.tree import File, Folder

STEP_ENTRIES = 64
"""Directory entries between two steps: well below a millisecond of work."""


class Scanner:
    """Looks into folders one after the other; a whole comparison ends with the files that are missing."""

    def __init__(self, ledger: Ledger, disk: Disk, tally: Tally) -> None:
        self.changed = 0
        """Files found to differ from what was known, since the start."""
        self._ledger = ledger
        self._disk = disk
        self._tally = tally
        self._folders: list[tuple[Folder, How, Cause]] = []
        self._steps: Iterator[None] | None = None
        self._whole: Cause | None = None

    @property
    def busy(self) -> bool:
        """Tell whether there is anything left to look at."""
        return self._steps is not None or bool(self._folders) or self._whole is not None

    def look_into(self, folder: Folder, how: How, cause: Cause) -> None:
        """Look into a folder and all below it, and tell what is new as having come `how`."""
        self._folders.append((folder, how, cause))

    def compare_all(self, cause: Cause) -> None:
        """Begin a whole comparison, from the root down; what was under way before is dropped."""
        self._steps = None
        self._tally.scans += 1
        self._whole = cause
        self._folders = [(self._ledger.tree.root, "rescan", cause)]

    def step(self, now: float) -> None:
        """Do one small piece of the work; all that was heard of before must have been followed."""
        self._now = now
        if self._steps is None:
            self._steps = self._work()
        if next(self._steps, self) is self:
            self._steps = None

    def _work(self) -> Iterator[None]:
        while self._folders:
            folder, how, cause = self._folders.pop()
            if self._is_of_interest(folder):
                yield from self._list(folder, how, cause)
        if self._whole is not None:
            yield from self._tell_missing(self._whole)
            self._whole = None

    def _list(self, folder: Folder, how: How, cause: Cause) -> Iterator[None]:
        try:
            fd = self._disk.open_folder(folder.key)
        except OSError:
            return  # It is gone, and the event that says so is on its way.
        try:
            with os.scandir(fd) as entries:
                for count, entry in enumerate(entries, 1):
                    name = os.fsencode(entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        self._meet_folder(folder, name, fd, how, cause)
                    elif entry.is_file(follow_symlinks=False) and self._may_be_news(folder, name, fd):
                        # What was done to it before now is heard of first: it may be half-written.
                        yield
                        self._meet_file(folder, name, fd, how, cause)
                    if count % STEP_ENTRIES == 0:
                        yield
        finally:
            os.close(fd)
        yield

    def _meet_folder(self, parent: Folder, name: bytes, fd: int, how: How, cause: Cause) -> None:
        key = self._disk.key_at(fd, name)
        if key is None or not self._is_of_interest(parent):
            return
        folder = self._ledger.tree.folder(key) or self._ledger.tree.add_folder(parent, name, key)
        self._folders.append((folder, how, cause))

    def _may_be_news(self, folder: Folder, name: bytes, fd: int) -> bool:
        """Tell whether a file is wanted, not as known, and not about to be looked at anyway."""
        if not self._ledger.wants(folder, name):
            return False
        file = self._ledger.file_at(folder, name)
        if file is None:
            return True
        if self._ledger.settling.of(file) is not None:
            return False
        return file.key != self._disk.key_at(fd, name) or not self._is_as_known(file, name, fd)

    def _meet_file(self, folder: Folder, name: bytes, fd: int, how: How, cause: Cause) -> None:
        if not self._is_of_interest(folder) or not self._may_be_news(folder, name, fd):
            return
        key = self._disk.key_at(fd, name)
        if key is None:
            return
        file = self._ledger.file_for(folder, name, key)
        if self._ledger.keep(file, how, cause, self._now) is Outcome.TOLD:
            self.changed += 1

    def _is_of_interest(self, folder: Folder) -> bool:
        """Tell whether a folder was neither moved out nor pruned since it was put on the list."""
        return self._ledger.tree.holds(folder) and not folder.pruned

    def _is_as_known(self, file: File, name: bytes, fd: int) -> bool:
        try:
            status = os.stat(name, dir_fd=fd, follow_symlinks=False)
        except FileNotFoundError:
            return True  # It went just now, and the event that says so is on its way.
        sha256 = file.state.sha256 if file.state else None
        found = FileState(file.key, status.st_size, status.st_mtime_ns, status.st_ctime_ns, sha256)
        return file.state == found

    def _tell_missing(self, cause: Cause) -> Iterator[None]:
        unconfirmed = self._ledger.unconfirmed
        while unconfirmed:
            path, state = unconfirmed.popitem()
            self._ledger.teller.deleted(path, state, "rescan", cause)
            self.changed += 1
            yield
