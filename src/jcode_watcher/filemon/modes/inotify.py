"""Mode `inotify`: a watch on each folder, and a look into folders that are new.

It needs no privilege but to read. The kernel tells names and no keys: what an event is about is asked of the
disk at once. Who wrote is not known.
"""

import errno
import os
import select
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from jcode_watcher.filemon import inotify
from jcode_watcher.filemon.changes import (
    CLOSED,
    COMPARE,
    CREATED,
    DELETED,
    DOUBTED,
    MODIFIED,
    NO_PID,
    OF_FOLDER,
    OVERFLOWED,
    RENAMED,
    UNHEARD,
    UNSEEN,
    Change,
)
from jcode_watcher.filemon.errors import CannotWatch
from jcode_watcher.filemon.inodes import is_folder as is_folder_key
from jcode_watcher.filemon.modes.rescan import refuse_what_holds_no_files
from jcode_watcher.filemon.place_disk import OUTSIDE, Place
from jcode_watcher.filemon.ports import Pauses
from jcode_watcher.filemon.silly_names import is_silly
from jcode_watcher.filemon.timer import Timer
from jcode_watcher.filemon.tree import NOBODY
from jcode_watcher.filemon.watched_disk import WatchedDisk

HEARD = (
    *(inotify.CREATE, inotify.DELETE, inotify.MOVED_FROM, inotify.MOVED_TO),
    *(inotify.MODIFY, inotify.CLOSE_WRITE),
)
READ_BYTES_MAX = 1 << 16
EVENT_BYTES_MAX = inotify.HEAD.size + 256
PAIR_SECONDS = 0.02
"""How long the second half of a rename is waited for; the kernel tells both in one breath."""
ASK_AGAIN_SECONDS = 5.0
"""How long a file system that does not answer is left alone."""
PAIRS_RANG = b"p"
COMPARE_RANG = b"c"
"""A timer rang. What inotify wrote is never so short."""


class Left(NamedTuple):
    """A name that was taken away, by a rename whose other half was not heard of yet."""

    folder: bytes
    name: bytes
    target: bytes | None
    is_folder: int


class InotifyWatch:
    """Hears what happens in the folders that its disk has listed; that begins with the root."""

    foreign = 0
    unfinished = False

    def __init__(self, root: bytes, pauses: Pauses) -> None:
        """Watch the root. CannotWatch if the kernel has no room for that."""
        refuse_what_holds_no_files(root)
        self._pauses = pauses
        self._fd = -1
        self._poll = select.epoll()
        self._pairs, self._compare = Timer(), Timer()
        self._left: dict[int, Left] = {}
        self._newly_left: list[int] = []
        self._decoded = 0
        """Events of the buffer that is followed just now."""
        self._waited_for: tuple[int, ...] = ()
        """The cookies for which the timer runs; those that come meanwhile have the next turn."""
        self._short_of_room = self._must_say = False
        try:
            self._fd = inotify.init()
            self.disk = WatchedDisk(root, self._fd, sum(HEARD), self._no_room, self._ask_again)
        except OSError as e:
            self._close_own()
            raise _refusal(root, e) from None
        for fd in (self._fd, self._pairs.fileno(), self._compare.fileno()):
            self._poll.register(fd, select.EPOLLIN)
        if not self._short_of_room:
            self._compare.ring(pauses.compare_seconds, pauses.compare_seconds)

    def fileno(self) -> int:
        """Give what to poll: readable means that `read` has something."""
        return self._poll.fileno()

    def read(self) -> bytes:
        """Take what the kernel has, up to a limit; nothing where it has nothing. Never waits."""
        if self._pairs.rang():
            return PAIRS_RANG
        if self._compare.rang():
            return COMPARE_RANG
        try:
            return os.read(self._fd, READ_BYTES_MAX)
        except BlockingIOError:
            return b""

    def changes(self, buffer: bytes) -> Iterator[Change]:
        """Decode what `read` gave, one change at a time, in the kernel's order."""
        if buffer == PAIRS_RANG:
            yield from self._gone_out()
        elif buffer == COMPARE_RANG:
            yield Change(UNHEARD if self._must_say else COMPARE, 0, b"", b"", b"")
            self._must_say = False
        else:
            for self._decoded, event in enumerate(inotify.events(buffer), 1):
                yield from self._heard(event)
            self._wait_for_pairs()
            yield from self._doubted()

    def ahead(self, buffer: bytes, followed: int) -> Iterator[Change]:
        """Give the closes in folders that are known; where things are is learned from none of them."""
        if buffer in (PAIRS_RANG, COMPARE_RANG):
            return
        for event in islice(inotify.events(buffer), self._decoded if followed else 0, None):
            folder = self.disk.folder_of(event.watch) if event.mask & inotify.CLOSE_WRITE else None
            target = self.disk.key_now((folder, event.name)) if folder is not None else None
            if folder is not None and target is not None:
                yield Change(CLOSED, NO_PID, folder, event.name, target)

    def close(self) -> None:
        """Hear nothing any more."""
        if self._fd >= 0:
            self._close_own()
            self.disk.close()

    def _no_room(self) -> None:
        """Say at once that not every folder can be heard, and have all compared from time to time."""
        if not self._short_of_room:
            self._short_of_room = self._must_say = True
            self._compare.ring(0.0, self._pauses.rescan_seconds)

    def _ask_again(self) -> None:
        """Have all compared as soon as the file system may answer again."""
        every = self._pauses.rescan_seconds if self._short_of_room else self._pauses.compare_seconds
        self._compare.ring(min(ASK_AGAIN_SECONDS, every), every)

    def _close_own(self) -> None:
        self._poll.close()
        self._pairs.close()
        self._compare.close()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _heard(self, event: inotify.Event) -> Iterator[Change]:
        if event.mask & inotify.OVERFLOW:
            self._left.clear()
            yield Change(OVERFLOWED, 0, b"", b"", b"")
            return
        if event.mask & inotify.IGNORED:
            self.disk.release(event.watch)
            return
        folder = self.disk.folder_of(event.watch)
        if folder is None or not event.name:
            return
        if event.mask & inotify.MOVED_FROM:
            target = self.disk.bearer((folder, event.name))
            self._left[event.cookie] = Left(folder, event.name, target, event.mask & inotify.ISDIR)
            self._newly_left.append(event.cookie)
        elif event.mask & inotify.MOVED_TO:
            yield self._renamed(event, folder)
        else:
            yield from self._happened(event, folder)

    def _happened(self, event: inotify.Event, folder: bytes) -> Iterator[Change]:
        place = folder, event.name
        is_folder = event.mask & inotify.ISDIR
        if event.mask & inotify.DELETE:
            yield from self._deleted(place, is_folder)
            return
        target = self.disk.target(place)
        if event.mask & inotify.CREATE:
            if not is_folder:
                yield Change(CREATED, 0, folder, event.name, target)
            elif is_folder_key(target):
                yield Change(CREATED | OF_FOLDER | UNSEEN, 0, folder, event.name, target)
            else:
                yield Change(DOUBTED, 0, folder, event.name, target)
        else:
            yield Change(event.mask & (MODIFIED | CLOSED), 0, folder, event.name, target)

    def _deleted(self, place: Place, is_folder: int) -> Iterator[Change]:
        was = self.disk.place_before(place) if is_silly(place[1]) else place
        if was is None:
            # Which of its files it was nobody can say: the folder is held against the disk.
            yield Change(RENAMED, 0, place[0], place[1], NOBODY, OUTSIDE, place[1])
        elif (deleted := self.disk.bearer(was)) is not None:
            self.disk.forget(was)
            yield Change(DELETED | is_folder, 0, *was, deleted)
        # Else nobody has come across it; a comparison finds it missing.

    def _renamed(self, event: inotify.Event, folder: bytes) -> Change:
        left = self._left.pop(event.cookie, None)
        new_place = folder, event.name
        is_folder = event.mask & inotify.ISDIR
        if left is None:
            target = self.disk.target(new_place)
            return Change(RENAMED | is_folder, 0, OUTSIDE, event.name, target, folder, event.name)
        target = self.disk.target_renamed((left.folder, left.name), new_place)
        return Change(RENAMED | is_folder, 0, left.folder, left.name, target, folder, event.name)

    def _gone_out(self) -> Iterator[Change]:
        """Follow what was renamed to where no watch is: to a folder that is new, or out."""
        lefts = (self._left.pop(cookie, None) for cookie in self._waited_for)
        # What went out and came back without end is looked at once.
        places = dict.fromkeys(lefts)
        self._waited_for = ()
        self._wait_for_pairs()
        for left in places:
            if left is None:
                continue
            place = left.folder, left.name
            if left.target is None or self.disk.key_now(place) == left.target:
                continue  # never seen; or it is back
            if self.disk.bearer(place) == left.target:
                self.disk.forget(place)
            found = self._place_now(left.target)
            if found is None and left.is_folder:
                self.disk.release_below(left.target)
            new_folder, new_name = found or (OUTSIDE, left.name)
            what = RENAMED | left.is_folder
            yield Change(what, 0, left.folder, left.name, left.target, new_folder, new_name)

    def _doubted(self) -> Iterator[Change]:
        """Name once each folder that something has just left without anybody's knowing where to."""
        folders = {left.folder: left for cookie in self._newly_left if (left := self._left.get(cookie))}
        self._newly_left.clear()
        for left in folders.values():
            yield Change(DOUBTED, 0, left.folder, left.name, b"")

    def _wait_for_pairs(self) -> None:
        if self._left and not self._waited_for:
            self._waited_for = tuple(self._left)
            self._pairs.ring(PAIR_SECONDS)

    def _place_now(self, key: bytes) -> Place | None:
        """Give where a listing of a new folder has come across it."""
        return next((p for p in self.disk.places_of(key) if self.disk.key_now(p) == key), None)


def may_have_more(buffer: bytes) -> bool:
    """Tell whether the kernel may have had more than what `read` gave."""
    return buffer in (PAIRS_RANG, COMPARE_RANG) or len(buffer) > READ_BYTES_MAX - EVENT_BYTES_MAX


def _refusal(root: bytes, refused: OSError) -> CannotWatch:
    where = os.fsdecode(root)
    if refused.errno in (errno.EMFILE, errno.ENOSPC, errno.ENOMEM):
        return CannotWatch(
            f"{where}: the kernel has no room for one more inotify instance or watch ({refused.strerror}); "
            "raise fs.inotify.max_user_instances and max_user_watches"
        )
    return CannotWatch(f"{where} cannot be watched by inotify ({refused.strerror}); let the agent read it")
