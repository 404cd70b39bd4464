"""Looks at files whose time of quiet is over: what the events did not say, the disk says."""

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.folder_changes import FolderChanges
from jcode_watcher.filemon.ledger import Ledger, Outcome
from jcode_watcher.filemon.locating import Locator
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.settling import Waiting, Why
from jcode_watcher.filemon.tree import File, Folder


class SecondLooks:
    """Decides what to make of a file for which nothing more was heard."""

    def __init__(
        self, ledger: Ledger, disk: Disk, locator: Locator, folders: FolderChanges, scanner: Scanner
    ) -> None:
        self._ledger = ledger
        self._disk = disk
        self._locator = locator
        self._folders = folders
        self._scanner = scanner

    def look(self, thing: File | Folder, waiting: Waiting, now: float) -> None:
        """Look at one file, or at a moved folder, on the disk, and tell what is news."""
        if isinstance(thing, File):
            self._look_at(thing, waiting, now)
        elif self._ledger.tree.holds(thing):
            self._mends(thing, waiting.cause)

    def _look_at(self, file: File, waiting: Waiting, now: float) -> None:
        key = self._ledger.key_now(file.folder, file.name)
        if key is None:
            self._missing(file, waiting)
            return
        if key != file.key:
            # Somebody took the name, and no event has told so; take it as created just now.
            self._ledger.file_for(file.folder, file.name, key)
            self._ledger.settling.wait(file, Why.CREATED, waiting.cause, now)
            return
        if self._look_as(file, waiting, now) is not Outcome.LATER:
            return
        again = self._ledger.settling.of(file)
        if again is None or again.why is Why.WRITTEN or self._mends(file.folder, waiting.cause):
            return
        # All is as believed, and yet no path leads there: something is mounted over it.
        self._ledger.give_up(file)

    def _look_as(self, file: File, waiting: Waiting, now: float) -> Outcome:
        if waiting.why is Why.CREATED:
            if self._ledger.came_complete(file):
                return self._ledger.keep(file, "linked", waiting.cause, now)
            # Nothing was written yet; someone may hold it open.
            self._ledger.settling.wait(file, Why.WRITTEN, waiting.cause, now)
            return Outcome.NO_NEWS
        if waiting.why is Why.WRITTEN:
            return self._ledger.keep(file, "held_open", waiting.cause, now)
        if waiting.why is Why.UNREAD:
            return self._ledger.keep(file, "closed", waiting.cause, now)
        return self._ledger.keep(file, "rescan", waiting.cause, now)

    def _missing(self, file: File, waiting: Waiting) -> None:
        if waiting.why is Why.DISPLACED:
            self._ledger.delete(file, "moved_out", waiting.cause)
            return
        folder = file.folder
        if waiting.why is Why.UNREAD:
            self._ledger.tell_gone(file, waiting.cause)
        self._ledger.delete(file, "deleted", waiting.cause)
        # Events came merged, in an order that cannot have been; its folder is looked at as it is.
        self._scanner.look_into(folder, "rescan", waiting.cause)

    def _mends(self, folder: Folder, cause: Cause) -> bool:
        """Correct where a folder is believed to be; False if that needed no correction."""
        here = folder
        while here.parent is not None:
            try:
                above = self._disk.parent_of(here.key)
            except OSError:
                return True  # It is gone, and the event that says so is on its way.
            if above is None or above != (here.parent.key, here.name):
                parent = None if above is None else self._locator.folder(above[0])
                self._folders.placed(here, parent, here.name if above is None else above[1], cause)
                return True
            here = here.parent
        return False
