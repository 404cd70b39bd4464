"""Mode `descriptors`: a fanotify mark on the file system for completed writes, inotify for names.

For file systems that give no handles (NFS, overlayfs as it is by default). With each completed write the
kernel opens the file for us and names the writer; what was created, deleted or renamed is heard as in mode
`inotify`.
"""

import select
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from jcode_watcher.filemon.changes import (
    CLOSED,
    CREATED,
    DELETED,
    MODIFIED,
    OVERFLOWED,
    RENAMED,
    Change,
)
from jcode_watcher.filemon.closes import Closed, Closes, ClosesQueue
from jcode_watcher.filemon.errors import CannotWatch
from jcode_watcher.filemon.inodes import is_folder
from jcode_watcher.filemon.modes.inotify import InotifyWatch, may_have_more
from jcode_watcher.filemon.place_disk import Place
from jcode_watcher.filemon.ports import Pauses
from jcode_watcher.filemon.tree import NOBODY
from jcode_watcher.filemon.watched_disk import is_ghost

WRITERS_MAX = 1 << 14
UNPLACED_MAX = 256
GHOSTS_MAX = 1 << 12
NO_NAMES = b"-"
"""Stands for all the names that were told, where that is none."""
GONE = b" (deleted)"
"""What the kernel puts behind the path of a file whose name is gone."""


class DescriptorWatch:
    """Hears completed writes on the root's whole file system, and names in the folders that were listed."""

    foreign = 0

    def __init__(self, root: bytes, pauses: Pauses) -> None:
        """Mark the file system. CannotWatch if the kernel, the file system or a privilege is missing."""
        self._root = root
        self._closes = ClosesQueue(root)
        try:
            self._names = InotifyWatch(root, pauses)
        except CannotWatch:
            self._closes.close()
            raise
        self.disk = self._names.disk
        self._poll = select.epoll()
        for fd in (self._closes.fileno(), self._names.fileno()):
            self._poll.register(fd, select.EPOLLIN)
        self._queues: list[Callable[[], bytes]] = []
        """What is still to be read in this turn, the last first."""
        self._decoded = 0
        """Closes of the buffer that is followed just now."""
        self._closes_read = False
        """Whether closes were read since names were."""
        self._unclosed: dict[bytes, Change] = {}
        """Writes that no close has followed in the queue of names, which tells both in their order."""
        self._untold: dict[bytes, None] = {}
        """Files of those that are to be told once all names are followed that the kernel had."""
        self._writers: dict[bytes, int] = {}
        self._unplaced: deque[Closed] = deque(maxlen=UNPLACED_MAX)
        self._written_ghosts: set[bytes] = set()
        """Files that were written to and are gone before anybody could look, until that is heard."""
        self._gone: deque[Place] = deque(maxlen=UNPLACED_MAX)
        """Where such files were, and were told of."""

    def fileno(self) -> int:
        """Give what to poll: readable means that `read` has something."""
        return self._poll.fileno()

    @property
    def unfinished(self) -> bool:
        """Whether one of the queues is still to be read, so that nobody knows yet what was heard last."""
        return bool(self._queues)

    def read(self) -> bytes:
        """Take what the kernel has: closes, names, closes again; nothing where it has nothing. Never waits.

        So of each write that a close has followed among the names, the close with its writer is heard, too.
        """
        self._queues = self._queues or [self._read_closed, self._read_names, self._read_closed]
        buffer = b""
        while self._queues and not buffer:
            buffer = self._queues.pop()()
        return buffer

    def changes(self, buffer: bytes) -> Iterator[Change]:
        """Decode what `read` gave; each buffer once, in the order in which they were given."""
        if isinstance(buffer, Closes):
            for self._decoded, closed in enumerate(buffer.closed, 1):
                if closed is None:
                    yield Change(OVERFLOWED, 0, b"", b"", b"")
                else:
                    yield from self._closed(closed)
            return
        if buffer != NO_NAMES:
            yield from self._named(buffer)
        yield from self._placed_by_now()
        if not may_have_more(buffer):
            yield from (self._unclosed[key] for key in self._untold)
            self._untold.clear()

    def ahead(self, buffer: bytes, followed: int) -> Iterator[Change]:
        """Give the closes of files that were come across."""
        closes = buffer.closed if isinstance(buffer, Closes) else []
        for closed in islice(closes, self._decoded if followed else 0, None):
            places = self.disk.places_of(closed.key) if closed else ()
            if closed and places:
                yield _change(CLOSED, closed, places[0])

    def close(self) -> None:
        """Hear nothing any more."""
        if not self._poll.closed:
            self._poll.close()
            self._closes.close()
            self._names.close()

    def _read_names(self) -> bytes:
        buffer = self._names.read() or (NO_NAMES if self._closes_read else b"")
        self._closes_read = False
        return buffer

    def _read_closed(self) -> bytes:
        closes = self._closes.read(self.disk.key_of_open)
        if closes:
            self._closes_read = True
        if closes.full:
            self._queues.append(self._read_closed)
        return closes

    def _closed(self, closed: Closed) -> Iterator[Change]:
        if closed.key == NOBODY:
            return
        self._remember(closed)
        if closed.key in self._unclosed:
            # Either it is the close of that write, and names will tell so, or of one before.
            self._untold[closed.key] = None
        places = self.disk.places_of(closed.key)
        if places:
            yield _change(CLOSED, closed, places[0])
        else:
            # Its name may wait in the other queue, and what bore the name before may be deleted there.
            self._unplaced.append(closed)

    def _placed_by_now(self) -> Iterator[Change]:
        """Follow what was closed before its name was heard of, now that the names told are followed."""
        for _ in range(len(self._unplaced)):
            closed = self._unplaced.popleft()
            places = self.disk.places_of(closed.key)
            if places:
                yield _change(CLOSED, closed, places[0])
            elif (place := self._place_told(closed)) is not None:
                yield _change(CREATED | CLOSED, closed, place)
            else:
                # It is outside, or was opened through another mount and a listing will come across it.
                self._unplaced.append(closed._replace(path=b""))

    def _place_told(self, closed: Closed) -> Place | None:
        """Give the place that a path stands for, if that is below the root and the file is, or was, there."""
        below = self._root.rstrip(b"/") + b"/"
        if not closed.path.startswith(below):
            return None
        path = closed.path[len(below) :]
        place = self._place_of(path)
        if place is None or self.disk.key_now(place) != closed.key:
            place = self._place_of(path.removesuffix(GONE)) if path.endswith(GONE) else None
            if place is None or place in self._gone or self.disk.key_now(place) is not None:
                return None
        self.disk.learn(place, closed.key)
        return place

    def _place_of(self, path: bytes) -> Place | None:
        *folders, name = path.split(b"/")
        folder = self.disk.root_key
        for step in folders:
            key = self.disk.key_now((folder, step))
            if key is None or not is_folder(key):
                return None
            self.disk.learn((folder, step), key)
            folder = key
        return folder, name

    def _named(self, buffer: bytes) -> Iterator[Change]:
        """Follow names; of writes only those that no close follows: the other queue says who closed them."""
        for change in self._names.changes(buffer):
            if change.what & MODIFIED:
                if is_ghost(change.target):
                    self._remember_ghost(change.target)
                self._note_unclosed(change)
                continue
            unclosed = self._unclosed.pop(change.target, None)
            if change.target in self._untold:
                del self._untold[change.target]
                if unclosed is not None and not change.what & CLOSED:
                    yield unclosed
            if change.what & CLOSED:
                continue
            yield self._with_what_is_known(change)

    def _note_unclosed(self, change: Change) -> None:
        if len(self._unclosed) >= WRITERS_MAX:
            self._unclosed.clear()
            self._untold.clear()
        self._unclosed[change.target] = change
        self._untold[change.target] = None

    def _with_what_is_known(self, change: Change) -> Change:
        """Say what inotify does not: who wrote what was renamed, and that what is gone was saved before."""
        if change.what & DELETED and change.target in self._written_ghosts:
            # Its close names a file that nobody can place any more.
            self._written_ghosts.remove(change.target)
            self._gone.append((change.folder, change.name))
            return msgspec.structs.replace(change, what=change.what | CLOSED)
        if change.what & RENAMED:
            return msgspec.structs.replace(change, pid=self._writers.get(change.target, 0))
        return change

    def _remember_ghost(self, key: bytes) -> None:
        if len(self._written_ghosts) >= GHOSTS_MAX:
            self._written_ghosts.clear()
        self._written_ghosts.add(key)

    def _remember(self, closed: Closed) -> None:
        if len(self._writers) >= WRITERS_MAX:
            self._writers.clear()
        self._writers[closed.key] = closed.pid


def _change(what: int, closed: Closed, place: Place) -> Change:
    return Change(what, closed.pid, place[0], place[1], closed.key)
