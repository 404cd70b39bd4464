"""Gives folders their places, with all that follows for the wanted files below them."""

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.keeping import Keeper
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.outside import Outside
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.settling import Why
from jcode_watcher.filemon.shares import NAME_COST
from jcode_watcher.filemon.tree import Folder


class Placing:
    """Moves folders in the tree so that no two bear one name and none lies in itself, whatever is heard."""

    def __init__(self, ledger: Ledger, keeper: Keeper, outside: Outside, scanner: Scanner) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._tree = ledger.tree
        self._outside = outside
        self._scanner = scanner

    def add(self, parent: Folder, name: bytes, key: bytes, cause: Cause, now: float) -> Folder:
        """Give a place to a folder that came from where nobody looks."""
        # What was learned to be outside may just have come in with it.
        self._outside.clear()
        folder = self._ledger.add_folder(parent, name, key, cause, now)
        self._scanner.look_into(folder, "moved_in", cause)
        return folder

    def place(self, folder: Folder, parent: Folder | None, name: bytes, cause: Cause, now: float) -> None:
        """Give a known folder its place, which may be outside (None).

        What cannot have been so at any time after what is known is left to a second look.
        """
        if parent is None:
            self._ledger.lose_folder(folder, "moved_out", cause)
            return
        if folder.parent is parent and folder.name == name:
            self._is_back(folder, now)
            return
        other = (parent.folders or {}).get(name)
        if other is not None and self._took_place(other, folder):
            self._exchanged(folder, other, cause)
            return
        if _is_in(parent, folder) or (other is not None and self._ledger.key_now(parent, name) == other.key):
            for doubted in (folder, parent):
                self._ledger.settling.wait(doubted, Why.MOVED, cause, now)
            return
        # Half of an exchange, too, but what followed has blurred it: the other half will bring it back.
        self._ledger.make_room(parent, name, cause, now)
        if self._tree.holds(folder) and self._tree.holds(parent):
            self._moved(folder, parent, name, cause, now)

    def _moved(self, folder: Folder, parent: Folder, name: bytes, cause: Cause, now: float) -> None:
        before = {file: file.path for file in self._tree.files_under(folder)}
        was_pruned = folder.pruned
        self._tree.move_folder(folder, parent, name)
        for file, path in before.items():
            if self._is_wanted_still(folder, file.folder, file.name):
                self._ledger.follow_folder(file, path, cause)
                self._keeper.keep_unread(file, now)
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

    def _is_back(self, folder: Folder, now: float) -> None:
        """It was away unknown to anybody, and what was saved then could not be read in its place."""
        for file, _ in list(self._ledger.settling.files(Why.UNREAD)):
            if _is_in(file.folder, folder):
                self._keeper.keep_unread(file, now)

    def _exchanged(self, one: Folder, other: Folder, cause: Cause) -> None:
        """Two folders changed places: every path below them shows something else, or nothing, now."""
        both = [*self._tree.files_under(one), *self._tree.files_under(other)]
        before = {file.path: file.state for file in both if file.state is not None}
        self._ledger.teller.shares.charge(one.path_of(b""), len(both) * NAME_COST)
        self._tree.swap_folders(one, other)
        for file in both:
            if self._is_wanted_still(one, file.folder, file.name):
                self._ledger.teller.arrived(file, cause)
                here = self._ledger.tree.unconfirmed.pop(file.path, None)
                file.state = before.pop(file.path, here)
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

    def _took_place(self, other: Folder, folder: Folder) -> bool:
        """Tell whether `other` now has the place of `folder`: then the rename was half of an exchange."""
        return (
            folder.parent is not None
            and not _is_in(folder, other)
            and not _is_in(other, folder)
            and self._ledger.key_now(folder.parent, folder.name) == other.key != folder.key
        )


def _is_in(inner: Folder, outer: Folder) -> bool:
    """Tell whether a folder is another one, or lies below it."""
    here: Folder | None = inner
    while here is not None and here is not outer:
        here = here.parent
    return here is outer
