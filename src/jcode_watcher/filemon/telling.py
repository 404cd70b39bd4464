"""Turns what was found into facts, counted by kind and by what had to be left out."""

from collections.abc import Callable
from typing import Literal

from jcode_watcher.filemon.changes import NO_PID, Cause
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import Deleted, Fact, FileState, How, Moved, Saved
from jcode_watcher.filemon.reading import Reading
from jcode_watcher.filemon.shares import CONTENT_BYTES, NAME_COST, VERSION_COST, Shares
from jcode_watcher.filemon.tree import File, Tree

DeletedHow = Literal["deleted", "moved_out", "rescan"]
LOOKED: frozenset[How] = frozenset({"held_open", "rescan"})
"""How a version is found where no save was heard of: equal content is no news then."""


class Teller:
    """Makes facts and hands them on, one at a time."""

    def __init__(self, emit: Callable[[Fact], None], tree: Tree, shares: Shares, tally: Tally) -> None:
        self.heard_ns = 0
        """All that was heard of until then was followed: what is found now is not from before."""
        self._emit = emit
        self._tree = tree
        self.shares = shares
        self.tally = tally

    def saved(
        self, path: bytes, reading: Reading, previous: FileState | None, how: How, cause: Cause
    ) -> bool:
        """Tell of a version, unless it is no news after the previous one: then False."""
        previous_sha256 = previous.sha256 if previous else None
        unchanged = reading.state.sha256 is not None and reading.state.sha256 == previous_sha256
        if previous == reading.state or (unchanged and how in LOOKED):
            self.tally.repeated += 1
            return False
        omitted, content = ("unchanged", None) if unchanged else (reading.omitted, reading.content)
        content_bytes = 0 if content is None else len(content)
        self.tally.saved += 1
        self.tally.content_bytes += content_bytes
        if omitted is not None:
            setattr(self.tally, omitted, getattr(self.tally, omitted) + 1)
        if how != "rescan":
            self.shares.charge(path, VERSION_COST + content_bytes // CONTENT_BYTES)
        self._emit(
            Saved(
                time_ns=cause.time_ns,
                pid=writer_pid(how, cause),
                path=path,
                how=how,
                size=reading.state.size,
                sha256=reading.state.sha256,
                content=content,
                omitted=omitted,
                previous_sha256=previous_sha256,
                state=reading.state,
            )
        )
        return True

    def version(self, file: File, path: bytes, reading: Reading, how: How, cause: Cause) -> bool:
        """Tell of a version of a file that is, or just was, at a path, unless it is no news: then False."""
        previous, file.state = file.state, reading.state
        saved_as, file.saved_as = file.saved_as, None
        # What another file's path was before is no news any more.
        if saved_as is None or self._tree.knows(saved_as):
            return self.saved(path, reading, previous, how, in_order(file, cause))
        cause = in_order(file, cause)
        news = self.saved(saved_as, reading, previous, how, cause)
        self.moved(saved_as, path, reading.state, Cause(NO_PID, cause.time_ns))
        return news

    def deleted(self, path: bytes, state: FileState, how: DeletedHow, cause: Cause) -> None:
        """Tell that a path that was told of is no more."""
        self.tally.deleted += 1
        if how != "rescan":
            self.shares.charge(path, NAME_COST)
        self._emit(
            Deleted(
                time_ns=cause.time_ns,
                pid=writer_pid(how, cause),
                path=path,
                how=how,
                previous_sha256=state.sha256,
            )
        )

    def moved(self, path: bytes, destination: bytes, state: FileState, cause: Cause) -> None:
        """Tell that what is kept of one path is at another now."""
        self.tally.moved += 1
        self.shares.charge(path, NAME_COST)
        self._emit(
            Moved(time_ns=cause.time_ns, pid=cause.pid, path=path, destination=destination, state=state)
        )

    def found(self, cause: Cause) -> Cause:
        """Give the cause of what was just found: not before what was told of its path meanwhile."""
        return cause if cause.time_ns >= self.heard_ns else Cause(cause.pid, self.heard_ns)

    def arrived(self, file: File, cause: Cause) -> Cause:
        """Give the cause of a file's coming to another path: nothing is told of it there from before."""
        return in_order(file, self.found(cause))


def writer_pid(how: How | DeletedHow, cause: Cause) -> int:
    """Give who did it; nobody where it was found by looking: what made us look need not be the writer."""
    return NO_PID if how == "rescan" else cause.pid


def in_order(file: File, cause: Cause) -> Cause:
    """Give a cause that is not before what was told of a file last: who reads later goes by the times."""
    if cause.time_ns < file.told_ns:
        return Cause(cause.pid, file.told_ns)
    file.told_ns = cause.time_ns
    return cause
