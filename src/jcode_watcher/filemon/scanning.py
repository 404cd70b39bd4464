"""Compares folders on the disk with what is known, in small steps, so that events need not wait."""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import FileState, How, Unkept
from jcode_watcher.filemon.keeping import Keeper, Outcome
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.settling import Why
from jcode_watcher.filemon.shares import LOOK_COST
from jcode_watcher.filemon.tree import File, Folder
from jcode_watcher.filemon.unkept import Unkepts

GONE = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)
STEP_ENTRIES = 64
"""Directory entries between two steps: well below a millisecond of work."""


class Task(NamedTuple):
    """A folder to look into."""

    folder: Folder
    how: How
    """What is new there has come so."""
    cause: Cause
    deep: bool
    """Whether also into the known folders in it."""


class Scanner:
    """Looks into folders one after the other; a whole comparison ends with the files that are missing."""

    def __init__(
        self,
        ledger: Ledger,
        keeper: Keeper,
        disk: Disk,
        tally: Tally,
        others: Mapping[Folder, "Scanner"] | None = None,
    ) -> None:
        """Leave what lies in one of some workspaces to `others`: these are compared just now."""
        self.changed = 0
        """Files found to differ from what was known, since the start."""
        self.looked = 0
        """Files that were read, as they seemed to differ."""
        self._others: Mapping[Folder, Scanner] = {} if others is None else others
        self._ledger = ledger
        self._keeper = keeper
        self._disk = disk
        self._tally = tally
        self._tasks: list[Task] = []
        self._steps: Iterator[None] | None = None
        self._whole: Task | None = None
        self._again = Unkepts(ledger, keeper, tally)
        self._unreached: set[bytes] = set()
        """Paths of folders that could not be listed, though they may be there."""
        self.suspended = False
        """True where the file system does not answer: everything is to be compared once it does."""

    @property
    def comparing(self) -> bool:
        """Tell whether a whole comparison is under way, or waits for the file system to answer."""
        return self._whole is not None or self.suspended

    @property
    def busy(self) -> bool:
        """Tell whether there is anything left to look at just now."""
        if self._steps is None and self._whole is None and not self._tasks and not len(self._again):
            return False
        return not self.suspended

    def look_into(self, folder: Folder, how: How, cause: Cause) -> None:
        """Look into a folder and all below it, and tell what is new as having come `how`."""
        self.take_on(Task(folder, how, cause, deep=True))

    def check(self, folder: Folder, cause: Cause) -> None:
        """Hold what is known to be in a folder against the disk, and look into what is new there."""
        self.take_on(Task(folder, "rescan", cause, deep=False))

    def take_on(self, task: Task) -> None:
        """Put a folder on the list of who compares its workspace."""
        other = self._others.get(task.folder.workspace)
        if other is not None:
            other.take_on(task)
        else:
            self._tasks.append(task)

    def compare(self, folder: Folder, cause: Cause) -> None:
        """Begin to compare all below a folder: below the root, or of a workspace of which nothing is trusted.

        What was under way before is dropped.
        """
        self._steps = None
        self.suspended = False
        self._unreached.clear()
        self._tally.scans += 1
        self._whole = Task(folder, "rescan", cause, deep=True)
        self._tasks = [self._whole]

    def tell_again(self, unkept: Iterable[Unkept]) -> None:
        """Look again at what was told and could not be kept. From any thread."""
        self._again.add(unkept)

    def suspend(self) -> None:
        """Leave off until everything is compared anew: what was met until now proves nothing."""
        self._steps = None
        self._tasks.clear()
        self.suspended = True

    def step(self, now: float) -> None:
        """Do one small piece of the work; all that was heard of before must have been followed."""
        self._now = now
        if self._steps is None:
            self._steps = self._work()
        if next(self._steps, self) is self:
            self._steps = None

    def _work(self) -> Iterator[None]:
        while self._tasks:
            task = self._tasks.pop()
            if self._is_of_interest(task.folder):
                yield from self._list(task)
        while len(self._again):
            self._again.look(self._now)
            yield
        if self._whole is not None:
            yield from self._tell_missing(self._whole.folder, self._whole.cause)
            self._whole = None

    def _list(self, task: Task) -> Iterator[None]:
        folder = task.folder
        try:
            fd = self._disk.open_folder(folder.key)
        except OSError as e:
            self._not_listed(task, e)
            return
        try:
            yield from self._meet_all(task, fd)
        except OSError as e:
            self._disk.must_answer(e)
            self._not_listed(task, e)
        finally:
            os.close(fd)
        yield

    def _not_listed(self, task: Task, refused: OSError) -> None:
        if refused.errno not in GONE:
            self._unreached.add(task.folder.path)
            return
        # If it is gone, the event that says so is on its way; if not, nothing in it may be heard of.
        for doubted in (task.folder, task.folder.parent):
            if doubted is not None:
                self._ledger.settling.wait(doubted, Why.MOVED, task.cause, self._now)

    def _meet_all(self, task: Task, fd: int) -> Iterator[None]:
        met: set[bytes] = set()
        with os.scandir(fd) as entries:
            for count, entry in enumerate(entries, 1):
                name = os.fsencode(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    met.add(name)
                    yield from self._meet_folder(task, name, fd)
                elif entry.is_file(follow_symlinks=False) and self._ledger.wants(task.folder, name):
                    met.add(name)
                    yield from self._meet_file(task, name, fd)
                if count % STEP_ENTRIES == 0:
                    if task.how != "rescan":
                        self._ledger.teller.shares.charge(task.folder.path_of(name), LOOK_COST)
                    yield
        self._doubt_what_was_not_met(task, met, fd)

    def _meet_folder(self, task: Task, name: bytes, fd: int) -> Iterator[None]:
        parent = task.folder
        key = self._disk.key_at(fd, name)
        if key is None or not self._is_of_interest(parent):
            return
        known, bearer = self._ledger.tree.folder(key), (parent.folders or {}).get(name)
        if known is not bearer:
            # Most likely it has just been moved: then what was done before now is heard of first.
            yield
            if not self._is_of_interest(parent):
                return
            known, bearer = self._ledger.tree.folder(key), (parent.folders or {}).get(name)
        if known is not bearer and (known is not None or self._disk.key_at(fd, name) != key):
            for doubted in (known, parent):
                if doubted is not None:
                    self._ledger.settling.wait(doubted, Why.MOVED, task.cause, self._now)
            return
        if known is None:
            known = self._ledger.add_folder(parent, name, key, task.cause, self._now)
        elif not task.deep:
            return
        self._tasks.append(Task(known, task.how, task.cause, deep=True))

    def _meet_file(self, task: Task, name: bytes, fd: int) -> Iterator[None]:
        if not self._may_be_news(task.folder, name, fd):
            return
        # What was done to it before now is heard of first: it may be half-written.
        yield
        if not self._may_be_news(task.folder, name, fd):
            return
        key = self._disk.key_at(fd, name)
        if key is None:
            return
        file = self._ledger.file_for(task.folder, name, key)
        cause = self._ledger.teller.found(task.cause)
        self.looked += 1
        if self._keeper.keep(file, task.how, cause, self._now) is Outcome.TOLD:
            self.changed += 1

    def _doubt_what_was_not_met(self, task: Task, met: set[bytes], fd: int) -> None:
        """Let what is not there any more be looked at, unless an event says meanwhile what became of it."""
        if not self._is_of_interest(task.folder):
            return
        settling = self._ledger.settling
        for folder in (task.folder.folders or {}).values():
            if folder.name not in met and self._disk.key_at(fd, folder.name) != folder.key:
                settling.wait(folder, Why.MOVED, task.cause, self._now)
        for file in (task.folder.files or {}).values():
            if (
                file.name not in met
                and settling.of(file) is None
                and self._disk.key_at(fd, file.name) != file.key
            ):
                settling.wait(file, Why.UNCLEAR, task.cause, self._now)

    def _may_be_news(self, folder: Folder, name: bytes, fd: int) -> bool:
        """Tell whether a wanted file is not as known, and not about to be looked at anyway."""
        if not self._is_of_interest(folder) or not self._ledger.wants(folder, name):
            return False  # the folder has moved, or is gone, meanwhile
        file = self._ledger.file_at(folder, name)
        if file is None:
            return True
        waiting, is_another = self._ledger.settling.of(file), file.key != self._disk.key_at(fd, name)
        if waiting is not None:
            # Nobody will find what waits: where its folder has moved meanwhile, it was only heard of.
            return is_another and waiting.why in (Why.CREATED, Why.WRITTEN)
        return is_another or not self._is_as_known(file, name, fd)

    def _is_of_interest(self, folder: Folder) -> bool:
        """Tell whether a folder was neither moved out nor pruned since it was put on the list."""
        return self._ledger.tree.holds(folder) and not folder.pruned

    def _is_as_known(self, file: File, name: bytes, fd: int) -> bool:
        try:
            status = os.stat(name, dir_fd=fd, follow_symlinks=False)
        except FileNotFoundError:
            return True  # It went just now, and the event that says so is on its way.
        if self._ledger.reader.is_withheld_in_vain(file, status.st_nlink):
            return False
        sha256 = file.state.sha256 if file.state else None
        found = FileState(file.key, status.st_size, status.st_mtime_ns, status.st_ctime_ns, sha256)
        return file.state == found

    def _tell_missing(self, folder: Folder, cause: Cause) -> Iterator[None]:
        unconfirmed = self._ledger.tree.unconfirmed
        below = folder.path_of(b"")
        while missing := [p for p in unconfirmed if p.startswith(below) and not self._may_be_there(p)]:
            for path in missing:
                state = unconfirmed.pop(path, None)
                if state is not None:
                    self._ledger.teller.deleted(path, state, "rescan", self._ledger.teller.found(cause))
                    self.changed += 1
                    self.looked += 1
                    yield

    def _may_be_there(self, path: bytes) -> bool:
        """Tell whether a path lies below a folder that could not be listed: nobody can say it is gone."""
        if not self._unreached:
            return False
        while path:
            path = path.rpartition(b"/")[0]
            if path in self._unreached:
                return True
        return False
