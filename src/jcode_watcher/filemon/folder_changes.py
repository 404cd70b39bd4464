"""What a change of a folder means for the wanted files below it."""

from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CREATED, DELETED, UNSEEN, Cause, Change
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.outside import Outside
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.settling import Why
from jcode_watcher.filemon.tree import Folder

if TYPE_CHECKING:
    from jcode_watcher.filemon.facts import FileState


class FolderChanges:
    """Follows creations, deletions and renames of folders."""

    def __init__(self, ledger: Ledger, outside: Outside, scanner: Scanner) -> None:
        self._ledger = ledger
        self._tree = ledger.tree
        self._outside = outside
        self._scanner = scanner

    def happened(self, change: Change, folder: Folder, cause: Cause) -> None:
        """Follow everything but a rename. A new folder needs no scan where its events come by themselves."""
        if change.what & CREATED:
            created = self._tree.folder(change.target)
            if created is None:
                created = self._tree.add_folder(folder, change.name, change.target)
            if change.what & UNSEEN:
                self._scanner.look_into(created, "rescan", cause)
        if change.what & DELETED:
            deleted = self._tree.folder(change.target)
            if deleted is not None:
                for file in list(self._tree.files_under(deleted)):
                    self._ledger.delete(file, "deleted", cause)
                self._tree.forget_folder(deleted)

    def renamed(
        self, change: Change, source: Folder | None, destination: Folder | None, cause: Cause, now: float
    ) -> None:
        """Follow a rename; a folder that is None lies outside the root or is pruned."""
        folder = self._tree.folder(change.target)
        was = None if source is None else source.path_of(change.name)
        if folder is not None:
            self.placed(folder, destination, change.new_name, cause)
            self._ledger.settling.wait(folder, Why.MOVED, cause, now)
        elif destination is not None:
            # What was learned to be outside may just have come in with it.
            self._outside.clear()
            folder = self._tree.add_folder(destination, change.new_name, change.target)
            self._scanner.look_into(folder, "moved_in", cause)
            self._ledger.settling.wait(folder, Why.MOVED, cause, now)
        if destination is None:
            self._outside.add(change.target)
        if was is not None:
            will_be = None if folder is None or destination is None or folder.pruned else folder.path
            self._move_unconfirmed(was, will_be, cause)

    def placed(self, folder: Folder, parent: Folder | None, name: bytes, cause: Cause) -> None:
        """Give a known folder its place, which may be outside (None), with all that follows."""
        if parent is None:
            self._moved_out(folder, cause)
            return
        if folder.parent is parent and folder.name == name:
            return
        other = (parent.folders or {}).get(name)
        if other is not None and self._took_place(other, folder):
            self._exchanged(folder, other, cause)
            return
        if other is not None:
            # Half of an exchange, too, but what followed has blurred it: the other half will bring it back.
            self._moved_out(other, cause)
        if self._tree.holds(folder) and self._tree.holds(parent):
            self._moved(folder, parent, name, cause)

    def _moved(self, folder: Folder, parent: Folder, name: bytes, cause: Cause) -> None:
        before = {file: file.path for file in self._tree.files_under(folder)}
        was_pruned = folder.pruned
        self._tree.move_folder(folder, parent, name)
        for file, path in before.items():
            if self._is_wanted_still(folder, file.folder, file.name):
                if file.state is not None:
                    self._ledger.teller.moved(path, file.path, file.state, cause)
            else:
                if file.state is not None:
                    self._ledger.teller.deleted(path, file.state, "moved_out", cause)
                self._ledger.forget(file)
        self._forget_pruned(folder)
        if was_pruned:
            self._outside.clear()
        if not folder.pruned:
            # Another path may make other files wanted.
            self._scanner.look_into(folder, "moved_in", cause)

    def _moved_out(self, folder: Folder, cause: Cause) -> None:
        for file in list(self._tree.files_under(folder)):
            self._ledger.delete(file, "moved_out", cause)
        self._tree.forget_folder(folder)

    def _exchanged(self, one: Folder, other: Folder, cause: Cause) -> None:
        """Two folders changed places: every path below them shows something else, or nothing, now."""
        both = [*self._tree.files_under(one), *self._tree.files_under(other)]
        before = {file.path: file.state for file in both if file.state is not None}
        self._tree.swap_folders(one, other)
        for file in both:
            if self._is_wanted_still(one, file.folder, file.name):
                file.state = before.pop(file.path, None)
            else:
                self._ledger.forget(file)
        for path, state in before.items():
            self._ledger.teller.deleted(path, state, "moved_out", cause)
        for folder in (one, other):
            self._forget_pruned(folder)
            if not folder.pruned:
                self._scanner.look_into(folder, "exchanged", cause)

    def _is_wanted_still(self, moved: Folder, folder: Folder, name: bytes) -> bool:
        inner: Folder | None = folder
        while inner is not None and inner is not moved.parent:
            if inner.pruned:
                return False
            inner = inner.parent
        return self._ledger.wants(folder, name)

    def _forget_pruned(self, folder: Folder) -> None:
        """Forget what lies below folders that another path made pruned ones; they themselves stay known."""
        stack = [folder]
        while stack:
            here = stack.pop()
            inner = list((here.folders or {}).values())
            if here.pruned:
                for hidden in inner:
                    self._tree.forget_folder(hidden)
            else:
                stack.extend(inner)

    def _move_unconfirmed(self, was: bytes, will_be: bytes | None, cause: Cause) -> None:
        """Let what is known from before, and not come across yet, go along with its folder."""
        unconfirmed = self._ledger.unconfirmed
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

    def _took_place(self, other: Folder, folder: Folder) -> bool:
        """Tell whether `other` now has the place of `folder`: then the rename was half of an exchange."""
        return folder.parent is not None and (
            self._ledger.key_now(folder.parent, folder.name) == other.key != folder.key
        )
