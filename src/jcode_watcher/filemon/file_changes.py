"""What a change of a file means for the names that are wanted."""

from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED, Cause, Change
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.keeping import Keeper
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.names_inside import LINKS_SEARCHED_MAX
from jcode_watcher.filemon.settling import OWED, Names, Why
from jcode_watcher.filemon.storms import NAME_SECONDS
from jcode_watcher.filemon.tree import NOBODY, File, Folder

if TYPE_CHECKING:
    from jcode_watcher.filemon.facts import How


class FileChanges:
    """Follows creations, writes, closes, deletions and renames of files."""

    def __init__(self, ledger: Ledger, keeper: Keeper, tally: Tally) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._settling = ledger.settling
        self._tree = ledger.tree
        self._tally = tally
        self._other_names = ledger.reader.names_inside.other_names

    def happened(self, change: Change, folder: Folder, cause: Cause, now: float) -> None:
        """Follow everything but a rename, in the order in which it most likely happened."""
        file = None if folder.files is None else folder.files.get(change.name)
        if file is None and not self._ledger.wants(folder, change.name):
            self._tally.unwanted += 1
            self._other_names.heard(change)
            self.happened_elsewhere(change, cause, now)
            return
        comes_or_goes = change.what & (CREATED | DELETED)
        linked_again = comes_or_goes == CREATED | DELETED and self._is_there(change, folder)
        if linked_again:
            self._deleted(change, folder, cause)
        if comes_or_goes & CREATED:
            self._created(change, folder, cause, now)
        if change.what & (CLOSED | MODIFIED):
            if file is None or file.key != change.target or comes_or_goes:
                file = self._bearer(change, folder)
            if file is not None:
                self._written(file, change.what, cause, now)
                if len(self._tree.names[change.target]) > 1:
                    self._written_as_well(change.target, file, change.what, cause, now)
        if comes_or_goes & DELETED and not linked_again:
            self._deleted(change, folder, cause)

    def happened_elsewhere(self, change: Change, cause: Cause, now: float) -> None:
        """Follow a write through a name that is not wanted to the wanted names of the same file."""
        if change.what & DELETED:
            self._keeper.look_at_withheld(change.target, cause, now)
        self._written_as_well(change.target, None, change.what, cause, now)

    def renamed(
        self, change: Change, source: Folder | None, destination: Folder | None, cause: Cause, now: float
    ) -> None:
        """Follow a rename; a folder that is None lies outside the root or is pruned."""
        file = self._known(source, change.name)
        if file is not None and file.key != change.target:
            file = None  # The second half of an exchange, or the scan saw the outcome before.
        if destination is not None and self._ledger.wants(destination, change.new_name):
            self._arrived(change, file, destination, cause, now)
            doubted = self._is_doubted(destination, change.new_name)
        else:
            if destination is not None:
                self._other_names.add(change.target, destination.key)
                if file is not None and self._settling.of(file) is None:
                    self._other_names.completed(change.target)
            if file is not None:
                self._left(file, destination, change.new_name, cause, now)
            doubted = destination is None
        if doubted:
            # Equal renames are told once: after there and back and there again, it may be where it was.
            for folder in (source, destination):
                if folder is not None:
                    self._settling.wait(folder, Why.MOVED, cause, now)

    def _arrived(
        self, change: Change, file: File | None, destination: Folder, cause: Cause, now: float
    ) -> None:
        other = self._known(destination, change.new_name)
        if file is None:
            if other is not None and other.key != change.target:
                self._ledger.replace(other)
            how: How = "moved_in" if other is None or other.state is None else "renamed_over"
            arrived = self._ledger.file_for(destination, change.new_name, change.target)
            self._keeper.keep(arrived, how, cause, now)
            self._keeper.look_at_withheld(change.target, cause, now)
        elif other is not None and other is not file and self._took_place(other, file):
            self._exchanged(file, other, cause, now)
        else:
            self._ledger.move(file, destination, change.new_name, cause, now)

    def _is_doubted(self, folder: Folder, name: bytes) -> bool:
        """Tell whether a file was not found where a rename should have brought it."""
        file = (folder.files or {}).get(name)
        waiting = None if file is None else self._settling.of(file)
        return waiting is not None and waiting.why in (Why.UNREAD, Why.UNCLEAR)

    def _known(self, folder: Folder | None, name: bytes) -> File | None:
        return None if folder is None else self._ledger.file_at(folder, name)

    def _created(self, change: Change, folder: Folder, cause: Cause, now: float) -> None:
        file = self._ledger.file_at(folder, change.name)
        if file is None or file.key == NOBODY:
            file = self._ledger.file_for(folder, change.name, change.target)
        elif self._bearer(change, folder) is None:
            return
        self._keeper.outdate(file, cause, now)
        if len(self._tree.names[file.key]) > 1 or self._other_names.is_complete(file.key):
            # It was linked: no close will follow, and the next save may come at once, through any name.
            self._keeper.keep(file, "linked", cause, now)
        else:
            self._settling.wait(file, Why.CREATED, cause, now)

    def _written(self, file: File, what: int, cause: Cause, now: float) -> None:
        if what & CLOSED:
            self._keeper.keep(file, "closed", cause, now)
        elif what & MODIFIED:
            self._await_close(file, cause, now)

    def _written_as_well(self, key: bytes, through: File | None, what: int, cause: Cause, now: float) -> None:
        """Follow a write to the further names of a file: at once, or later and together if they are many."""
        names = self._tree.names[key]
        if len(names) <= LINKS_SEARCHED_MAX + 1:
            for name in names:
                if name is not through:
                    self._written(name, what, cause, now)
            return
        everyone, moment = Names(key), now + len(names) * NAME_SECONDS
        waiting = self._settling.of(everyone)
        # Once a save is owed, later ones do not put off the look: it would never come in a storm.
        if what & (CLOSED | MODIFIED) and (waiting is None or waiting.why is Why.WRITTEN):
            self._settling.wait(everyone, Why.CROWDED if what & CLOSED else Why.WRITTEN, cause, moment)

    def _bearer(self, change: Change, folder: Folder) -> File | None:
        """Give the file that bears the name; None if what was changed had lost the name before.

        That is so for a file that was deleted while it was open, and where the scan ran ahead of the events.
        """
        file = self._ledger.file_at(folder, change.name)
        if file is not None and file.key == change.target:
            return file
        if not self._is_there(change, folder):
            return None
        return self._ledger.file_for(folder, change.name, change.target)

    def _await_close(self, file: File, cause: Cause, now: float) -> None:
        self._keeper.outdate(file, cause, now)
        waiting = self._settling.of(file)
        # A save that is owed is looked for soon, and so is what is written now.
        if waiting is None or waiting.why not in OWED:
            self._settling.wait(file, Why.WRITTEN, cause, now)

    def _deleted(self, change: Change, folder: Folder, cause: Cause) -> None:
        file = self._ledger.file_at(folder, change.name)
        # Where another file bears the name, the scan ran ahead, and this deletion is history.
        if file is not None and file.key == change.target:
            self._ledger.delete(file, "deleted", cause)

    def _left(self, file: File, destination: Folder | None, name: bytes, cause: Cause, now: float) -> None:
        self._ledger.owed.tell_fresh(file)
        if destination is not None:
            self._ledger.owed.tell_at(file, destination, name, cause.time_ns)
        if destination is None or file.state is None:
            self._ledger.delete(file, "moved_out", cause)
            return
        self._ledger.owed.tell_held(file)
        # An editor that keeps a backup takes the name again at once: that is one save, no deletion.
        self._settling.wait(file, Why.DISPLACED, cause, now)
        self._tree.rekey_file(file, NOBODY)

    def _exchanged(self, file: File, other: File, cause: Cause, now: float) -> None:
        for exchanged in (file, other):
            self._ledger.owed.tell_fresh(exchanged)
        key = file.key
        self._tree.rekey_file(file, other.key)
        self._tree.rekey_file(other, key)
        self._keeper.keep(file, "exchanged", cause, now)
        self._keeper.keep(other, "exchanged", cause, now)

    def _took_place(self, other: File, file: File) -> bool:
        """Tell whether `other` now bears the name of `file`: then the rename was half of an exchange."""
        return self._ledger.key_now(file.folder, file.name) == other.key != file.key

    def _is_there(self, change: Change, folder: Folder) -> bool:
        return self._ledger.key_now(folder, change.name) == change.target
