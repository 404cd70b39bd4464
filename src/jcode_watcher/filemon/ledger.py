"""What was last told of every wanted path, and what becomes of it when files and folders come and go."""

import os
from collections.abc import Callable, Iterable

import msgspec

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.facts import FileState
from jcode_watcher.filemon.owed import Owed
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.reading import FileReader
from jcode_watcher.filemon.settling import Settling, Why
from jcode_watcher.filemon.telling import DeletedHow, Teller, in_order
from jcode_watcher.filemon.tree import File, Folder, Tree


class Ledger:
    """Knows what was told of every path; one thread, so the facts of one path are in order."""

    def __init__(
        self,
        tree: Tree,
        disk: Disk,
        reader: FileReader,
        settling: Settling,
        wants: Callable[[bytes], bool],
        teller: Teller,
        owed: Owed,
    ) -> None:
        self.tree = tree
        self.settling = settling
        self._disk = disk
        self.reader = reader
        self._wants = wants
        self.owed = owed
        self.teller = teller

    def expect(self, known: Iterable[tuple[bytes, FileState]], prunes: Callable[[bytes], bool]) -> None:
        """Take what was told by an earlier run, as far as it still is wanted."""
        pruned: dict[bytes, bool] = {b"": False}

        def is_pruned(folder: bytes) -> bool:
            if folder not in pruned:
                pruned[folder] = is_pruned(folder.rpartition(b"/")[0]) or prunes(folder)
            return pruned[folder]

        for path, state in known:
            if self._wants(path) and not is_pruned(path.rpartition(b"/")[0]):
                self.tree.unconfirmed[path] = state

    def wants(self, folder: Folder, name: bytes) -> bool:
        """Tell whether a name is one of a file to keep."""
        return self._wants(folder.path_of(name))

    def wants_path(self, path: bytes) -> bool:
        """Tell whether a path below the root is one of a file to keep."""
        return self._wants(path)

    def doubt(self, folder: Folder) -> None:
        """Trust nothing that was told of what is below a folder until it is come across again."""
        for file in list(self.tree.files_under(folder)):
            waiting = self.settling.settle(file)
            if waiting is not None and waiting.why is not Why.FRESH:
                self.owed.give_up(file, waiting)
            if file.state is not None:
                self.tree.unconfirmed[file.path] = file.state
        self.tree.forget_below(folder)

    def file_at(self, folder: Folder, name: bytes) -> File | None:
        """Give the file that is known by this name, from this run or from the one before."""
        file = (folder.files or {}).get(name)
        if file is None and self.tree.unconfirmed:
            state = self.tree.unconfirmed.pop(folder.path_of(name), None)
            if state is not None:
                file = self._add_file(folder, name, state.handle)
                file.state = state
        return file

    def file_for(self, folder: Folder, name: bytes, key: bytes) -> File:
        """Give the file of this name, known or not, which `key` bears from now on."""
        file = self.file_at(folder, name)
        if file is None:
            return self._add_file(folder, name, key)
        self.tree.rekey_file(file, key)
        return file

    def add_folder(self, parent: Folder, name: bytes, key: bytes, cause: Cause, now: float) -> Folder:
        """Add a folder that is not known yet."""
        self.make_room(parent, name, cause, now)
        return self.tree.add_folder(parent, name, key)

    def make_room(self, parent: Folder, name: bytes, cause: Cause, now: float) -> None:
        """Another folder takes this name: the one believed to bear it is not there, and is looked for."""
        other = (parent.folders or {}).get(name)
        if other is not None:
            self.lose_folder(other, "moved_out", cause)
            self.settling.wait(other, Why.MOVED, cause, now)

    def lose_folder(self, folder: Folder, how: DeletedHow, cause: Cause) -> None:
        """A folder is gone from its path: tell it of all files below that were told of, and forget it."""
        for file in list(self.tree.files_under(folder)):
            self.delete(file, how, cause)
        self.tree.forget_folder(folder)

    def follow_folder(self, file: File, was: bytes, cause: Cause) -> None:
        """A file has another wanted path, as a folder around it has."""
        self.owed.tell_fresh(file, was)
        cause = self.teller.arrived(file, cause)
        before = self.tree.unconfirmed.pop(file.path, None)
        if file.state is not None:
            # It overwrites what was known of its new path, so nothing of that is missing later.
            self.teller.moved(was, file.path, file.state, cause)
        else:
            self._brought_untold(file, was, before)

    def delete(self, file: File, how: DeletedHow, cause: Cause) -> None:
        """The file is gone from its path: tell it if the path was told of, and forget it."""
        self.owed.tell_held(file)
        if file.state is not None:
            self.teller.deleted(file.path, file.state, how, in_order(file, cause))
        self.tree.forget_file(file)

    def replace(self, file: File) -> None:
        """Another file is about to take the name: tell first of a save that is owed for this one."""
        self.owed.tell_held(file)

    def forget(self, file: File) -> None:
        """Let go of a name of which nothing is to be told any more."""
        self.settling.settle(file)
        self.tree.forget_file(file)

    def move(self, file: File, folder: Folder, name: bytes, cause: Cause, now: float) -> None:
        """A file that was told of, or is about to be, has another wanted name."""
        replaced = self.file_at(folder, name)
        if replaced is not None and replaced.key == file.key:
            self._follow_scan(file, replaced, cause)
            return
        if replaced is not None:
            self.replace(replaced)
            self.forget(replaced)
        self.owed.tell_fresh(file)
        self.owed.tell_at(file, folder, name, cause.time_ns)
        path = file.path
        cause = self.teller.arrived(file, cause)
        self.tree.move_file(file, folder, name)
        if file.state is not None:
            self.refresh(file)
            self.teller.moved(path, file.path, file.state, cause)
        else:
            self._brought_untold(file, path, replaced.state if replaced else None)
        if self.settling.of(file) is None and not self._disk.is_at(folder.path, name, file.key):
            # It has moved on, and the event that says so follows; or it came first, merged with an older one.
            self.settling.wait(file, Why.UNCLEAR, cause, now)

    def moved_before(self, path: bytes, state: FileState, destination: bytes, cause: Cause) -> None:
        """What is known from before of a path, and was not come across yet, turns out to be at another."""
        file = self.tree.file_by_path(destination)
        if file is None:
            self.tree.unconfirmed[destination] = state
        else:
            # The scan, or a save, was there first, and knows better; it may not be told yet.
            state = file.state = file.state or state
            cause = self.teller.arrived(file, cause)
        self.teller.moved(path, destination, state, cause)

    def refresh(self, file: File) -> None:
        """Note the change time that a rename leaves on a file, so that it is not taken for a save later."""
        status = self.reader.state_of(file)
        state = file.state
        if status is None or state is None:
            return
        if (status.st_size, status.st_mtime_ns) == (state.size, state.mtime_ns):
            file.state = msgspec.structs.replace(state, ctime_ns=status.st_ctime_ns)

    def key_now(self, folder: Folder, name: bytes) -> bytes | None:
        """Ask the disk what bears a name in a folder at this moment; None if nothing does."""
        try:
            fd = self._disk.open_folder(folder.key)
        except OSError:
            return None
        try:
            return self._disk.key_at(fd, name)
        except OSError:
            return None
        finally:
            os.close(fd)

    def _brought_untold(self, file: File, was: bytes, before: FileState | None) -> None:
        """A file of which nothing was told yet came from one path to another, of which this was told last."""
        # Its first save follows what was here before; where that is nothing, it is told where it was made.
        file.state = before
        is_told_first = before is None and self.owed.owes(file)
        file.saved_as = (file.saved_as or was) if is_told_first else None

    def _add_file(self, folder: Folder, name: bytes, key: bytes) -> File:
        file = self.tree.add_file(folder, name, key)
        # Another may have been told of under this name, and who reads later goes by the times.
        file.told_ns = self.teller.heard_ns
        return file

    def _follow_scan(self, file: File, found: File, cause: Cause) -> None:
        """The scan found a file at its new name before the rename was heard of."""
        if file is found:
            return
        path = file.path
        state = found.state = found.state or file.state
        self.forget(file)
        if state is not None:
            self.teller.moved(path, found.path, state, in_order(found, cause))
