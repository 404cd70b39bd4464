"""What a change of a folder means for the wanted files below it."""

from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CREATED, DELETED, UNSEEN, Cause, Change
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.outside import Outside
from jcode_watcher.filemon.placing import Placing
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.settling import Why
from jcode_watcher.filemon.tree import Folder

if TYPE_CHECKING:
    from jcode_watcher.filemon.facts import FileState


class FolderChanges:
    """Follows creations, deletions and renames of folders."""

    def __init__(self, ledger: Ledger, outside: Outside, scanner: Scanner, placing: Placing) -> None:
        self._ledger = ledger
        self._tree = ledger.tree
        self._outside = outside
        self._scanner = scanner
        self._placing = placing

    def happened(self, change: Change, folder: Folder, cause: Cause, now: float) -> None:
        """Follow everything but a rename. A new folder needs no scan where its events come by themselves."""
        if change.what & CREATED:
            created = self._tree.folder(change.target)
            if created is None:
                created = self._ledger.add_folder(folder, change.name, change.target, cause, now)
            if change.what & UNSEEN:
                self._scanner.look_into(created, "rescan", cause)
        if change.what & DELETED:
            deleted = self._tree.folder(change.target)
            if deleted is not None and change.what & CREATED:
                # Made and removed before anybody looked, and told as one: what was in it is told after that.
                self._ledger.settling.wait(deleted, Why.MOVED, cause, now)
            elif deleted is not None:
                self._ledger.lose_folder(deleted, "deleted", cause)

    def renamed(
        self, change: Change, source: Folder | None, destination: Folder | None, cause: Cause, now: float
    ) -> None:
        """Follow a rename; a folder that is None lies outside the root or is pruned."""
        folder = self._tree.folder(change.target)
        was = None if source is None else source.path_of(change.name)
        if folder is not None:
            self._placing.place(folder, destination, change.new_name, cause, now)
        elif destination is not None:
            folder = self._placing.add(destination, change.new_name, change.target, cause, now)
        if destination is None:
            self._outside.add(change.target)
        for moved in (folder, source, destination):
            if moved is not None:
                self._ledger.settling.wait(moved, Why.MOVED, cause, now)
        if was is not None:
            will_be = None if folder is None or destination is None or folder.pruned else folder.path
            self._move_unconfirmed(was, will_be, cause)

    def _move_unconfirmed(self, was: bytes, will_be: bytes | None, cause: Cause) -> None:
        """Let what is known from before, and not come across yet, go along with its folder."""
        unconfirmed = self._ledger.tree.unconfirmed
        below: list[tuple[bytes, FileState]] = [
            (path, state) for path, state in unconfirmed.items() if path.startswith(was + b"/")
        ]
        for path, state in below:
            del unconfirmed[path]
            moved_to = None if will_be is None else will_be + path[len(was) :]
            if moved_to is None or not self._ledger.wants_path(moved_to):
                self._ledger.teller.deleted(path, state, "moved_out", cause)
            else:
                self._ledger.moved_before(path, state, moved_to, cause)
