"""What was last told of every wanted file, and the telling of what is new."""

import enum
import os
from collections.abc import Callable, Iterable

import msgspec

from jcode_watcher.filemon.changes import NO_PID, Cause
from jcode_watcher.filemon.facts import FileState, How
from jcode_watcher.filemon.owed import Owed
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.reading import FileReader, Reading, Unread
from jcode_watcher.filemon.settling import Held, Settling, Waiting, Why
from jcode_watcher.filemon.shares import DOUBT_COST
from jcode_watcher.filemon.storms import Storms
from jcode_watcher.filemon.telling import LOOKED, DeletedHow, Teller, in_order
from jcode_watcher.filemon.tree import File, Folder, Tree
from jcode_watcher.filemon.wholeness import EMPTY_SECONDS, Doubt, Wholeness, is_usual


class Outcome(enum.Enum):
    """What came of a look at a file."""

    TOLD = enum.auto()
    NO_NEWS = enum.auto()
    LATER = enum.auto()
    """It waits, and will be looked at again."""


class Ledger:
    """Looks at wanted files and tells the facts; one thread, so the facts of one path are in order."""

    def __init__(
        self,
        tree: Tree,
        disk: Disk,
        reader: FileReader,
        settling: Settling,
        wants: Callable[[bytes], bool],
        teller: Teller,
        wholeness: Wholeness,
    ) -> None:
        self.tree = tree
        self.settling = settling
        self.unconfirmed: dict[bytes, FileState] = {}
        """Known from before, by path, and not come across yet."""
        self._disk = disk
        self.reader = reader
        self._wants = wants
        self.storms = Storms()
        self.owed = Owed(settling, reader, self.storms, teller)
        self._wholeness = wholeness
        self.teller = teller
        self._tally = teller.tally

    def expect(self, known: Iterable[tuple[bytes, FileState]], prunes: Callable[[bytes], bool]) -> None:
        """Take what was told by an earlier run, as far as it still is wanted."""
        pruned: dict[bytes, bool] = {b"": False}

        def is_pruned(folder: bytes) -> bool:
            if folder not in pruned:
                pruned[folder] = is_pruned(folder.rpartition(b"/")[0]) or prunes(folder)
            return pruned[folder]

        for path, state in known:
            if self._wants(path) and not is_pruned(path.rpartition(b"/")[0]):
                self.unconfirmed[path] = state

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
                self.unconfirmed[file.path] = file.state
        self.tree.forget_below(folder)

    def file_at(self, folder: Folder, name: bytes) -> File | None:
        """Give the file that is known by this name, from this run or from the one before."""
        file = (folder.files or {}).get(name)
        if file is None and self.unconfirmed:
            state = self.unconfirmed.pop(folder.path_of(name), None)
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

    def follow_folder(self, file: File, was: bytes, cause: Cause, now: float) -> None:
        """A file has another wanted path, as a folder around it has."""
        self.owed.tell_fresh(file, was)
        cause = self.teller.arrived(file, cause)
        before = self.unconfirmed.pop(file.path, None)
        if file.state is not None:
            # It overwrites what was known of its new path, so nothing of that is missing later.
            self.teller.moved(was, file.path, file.state, cause)
        else:
            file.state = before
        waiting = self.settling.of(file)
        if waiting is not None and waiting.why is Why.UNREAD:
            # Its folder had moved on when it was read; now it is known where to.
            self.keep(file, "closed", waiting.cause, now)

    def keep(self, file: File, how: How, cause: Cause, now: float, before: Held | None = None) -> Outcome:
        """Read a file whose content is complete, and tell of it if it is news; it was lately as `before`."""
        waiting = self.settling.settle(file)
        if waiting is not None and waiting.why is Why.FRESH:
            self.owed.overtaken(waiting, now)
        asks = False
        if how not in LOOKED:
            names = self.tree.names_of(file.key)
            asks = how == "closed" and self._wholeness.may_go_on(file, names, waiting, cause, now)
            further_seconds = self.storms.crowded(file, len(names), cause.time_ns, now)
            if further_seconds is not None:
                self._tally.passed_over += 1
                self.settling.wait(file, Why.CROWDED, cause, now + further_seconds)
                return Outcome.LATER
        return self._look_at(file, how, cause, now, before, asks=asks)

    def keep_fresh(self, file: File, waiting: Waiting, now: float) -> Outcome:
        """Tell of what was read right after a change, once all is heard of until it was read."""
        held = waiting.held
        if held is not None and self.is_whole(held):
            return self.keep_as_read(file, held, waiting.cause, now)
        if held is not None and self.teller.heard_ns >= held.read_ns:
            return self.keep(file, held.how, waiting.cause, now, held)
        self.settling.wait(file, Why.FRESH, waiting.cause, now).held = held
        return Outcome.LATER

    def is_whole(self, held: Held) -> bool:
        """Tell whether all is heard until a file was read that still waits: then nothing speaks against it.

        One look at an empty file says nothing.
        """
        return held.reading.state.size > 0 and self.teller.heard_ns >= held.read_ns

    def keep_as_read(self, file: File, held: Held, cause: Cause, now: float) -> Outcome:
        """Tell of what was read of a file at its path, if it is news."""
        if self._wholeness.came_late(held, cause.time_ns):
            self.owed.read_late(cause, now)
        return self._tell(file, held.reading, held.how, cause, now)

    def delete(self, file: File, how: DeletedHow, cause: Cause) -> None:
        """The file is gone from its path: tell it if the path was told of, and forget it."""
        # That it was deleted here proves that it was here until then, and so when it was read.
        self.owed.tell_held(file, proven=how == "deleted")
        if file.state is not None:
            self.teller.deleted(file.path, file.state, how, in_order(file, cause))
        self.tree.forget_file(file)

    def replace(self, file: File) -> None:
        """Another file is about to take the name: tell first of a save that is owed for this one."""
        waiting = self.settling.of(file)
        held = None if waiting is None else waiting.held
        # With its last name it lost every way out; else it may have been exchanged with a file outside.
        self.owed.tell_held(file, proven=held is not None and held.reading.links == 0)

    def forget(self, file: File) -> None:
        """Let go of a name of which nothing is to be told any more."""
        self.settling.settle(file)
        self.tree.forget_file(file)

    def look_at_withheld(self, key: bytes, cause: Cause, now: float) -> None:
        """Fewer names of a file are outside than before: what was withheld may be told now."""
        for file in self.tree.names_of(key):
            if file.state is not None and file.state.sha256 is None and self.settling.of(file) is None:
                self.settling.wait(file, Why.UNCLEAR, cause, now)

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
        self.owed.tell_at(file, folder, name)
        path = file.path
        cause = self.teller.arrived(file, cause)
        self.tree.move_file(file, folder, name)
        if file.state is not None:
            self.refresh(file)
            self.teller.moved(path, file.path, file.state, cause)
        elif replaced is not None:
            # Its writer is not done yet, so it waits; its first save will follow what was here before.
            file.state = replaced.state
        if self.settling.of(file) is None and not self._disk.is_at(folder.path, name, file.key):
            # It has moved on, and the event that says so follows; or it came first, merged with an older one.
            self.settling.wait(file, Why.UNCLEAR, cause, now)

    def moved_before(self, path: bytes, state: FileState, destination: bytes, cause: Cause) -> None:
        """What is known from before of a path, and was not come across yet, turns out to be at another."""
        file = self.tree.file_by_path(destination)
        if file is None:
            self.unconfirmed[destination] = state
        else:
            # The scan, or a save, was there first, and knows better.
            state = file.state = file.state or state
        self.teller.moved(path, destination, state, cause)

    def is_as_read(self, file: File) -> bool:
        """Tell whether a file on the disk still is what was last read of it."""
        waiting = self.settling.of(file)
        held = waiting.held if waiting is not None and waiting.why is Why.FRESH else None
        state = file.state if held is None else held.reading.state
        return state is not None and self.reader.is_still(file, state)

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

    def _tell(self, file: File, reading: Reading, how: How, cause: Cause, now: float) -> Outcome:
        self.storms.kept(file)
        news = self.teller.version(file, file.path, reading, how, cause)
        if reading.content is not None and self.reader.releases(file.key, reading.links):
            self.look_at_withheld(file.key, cause, now)
        return Outcome.TOLD if news else Outcome.NO_NEWS

    def _look_at(
        self, file: File, how: How, cause: Cause, now: float, before: Held | None, *, asks: bool
    ) -> Outcome:
        reading = self.reader.read(file, file.path, cause.pid if asks else NO_PID)
        if isinstance(reading, Unread):
            return self._keep_unread(file, reading, how, cause, now)
        if not asks and how == "closed" and reading.in_place and is_usual(reading, cause.time_ns):
            return self._tell(file, reading, how, cause, now)
        held = Held(reading, how, self._wholeness.clock_ns())
        if not reading.in_place:
            return self._keep_out_of_place(file, held, cause, now)
        doubt = self._wholeness.doubt(held, cause.time_ns, before, asked=asks)
        if doubt is Doubt.UNASKED:
            return self._look_at(file, how, cause, now, before, asks=True)
        if doubt is not None:
            return self._keep_doubted(file, held, doubt, cause, now)
        return self.keep_as_read(file, held, cause, now)

    def _keep_out_of_place(self, file: File, held: Held, cause: Cause, now: float) -> Outcome:
        if held.how in LOOKED:
            self.settling.wait(file, Why.UNCLEAR, cause, now)
        else:
            self._tally.elsewhere += 1
            self.settling.wait(file, Why.UNREAD, cause, now).held = held
        return Outcome.LATER

    def _keep_doubted(self, file: File, held: Held, doubt: Doubt, cause: Cause, now: float) -> Outcome:
        self.teller.shares.charge(file.path, DOUBT_COST)
        if doubt is Doubt.OVERTAKEN:
            self.owed.overtaken(self.settling.wait(file, Why.WRITTEN, cause, now), now)
        else:
            later = now if held.reading.state.size else now + EMPTY_SECONDS
            self.settling.wait(file, Why.FRESH, cause, later).held = held
        return Outcome.LATER

    def _keep_unread(self, file: File, unread: Unread, how: How, cause: Cause, now: float) -> Outcome:
        if unread is Unread.NOT_REGULAR:
            self.delete(file, "deleted", cause)
            return Outcome.NO_NEWS
        if unread is Unread.CHANGING:
            self._tally.changing += 1
            self.settling.wait(file, Why.WRITTEN, cause, now)
        elif how in LOOKED:
            self.settling.wait(file, Why.UNCLEAR, cause, now)
        elif unread is Unread.UNCERTAIN:
            self.settling.wait(file, Why.UNREAD, cause, now)
        else:
            self.storms.kept(file)
            self.owed.tell_unreadable(file, unread, how, cause)
            self.settling.wait(file, Why.UNCLEAR, cause, now)
        return Outcome.LATER
