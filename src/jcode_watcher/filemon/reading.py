"""Reads files safely: by its key, regular files, within a limit, unchanged meanwhile, still in place."""

import errno
import hashlib
import os
import time
from collections.abc import Callable
from enum import Enum

import msgspec

from jcode_watcher.filemon.asked import Asked
from jcode_watcher.filemon.changes import NO_PID
from jcode_watcher.filemon.facts import FileState
from jcode_watcher.filemon.look import Look, NotRegular
from jcode_watcher.filemon.names_inside import LINKS_SEARCHED_MAX, NamesInside
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.tree import File, Tree

WITHHELD_MAX = 1 << 14
LINK_LOOKS_MAX = 3
"""A file that goes on getting names is looked at again later."""


class Unread(Enum):
    """Why nothing can be said of a file's content."""

    GONE = "gone"
    NOT_REGULAR = "not_regular"
    CHANGING = "changing"
    UNREADABLE = "unreadable"
    RECENT = "recent"
    """It has several names, and they cannot be counted yet for sure."""
    UNCOUNTED = "uncounted"
    """It has several names, and too many were counted lately; soon there will be room."""
    UNCERTAIN = "uncertain"
    """Nobody can say just now; the events that say what became of it should follow at once."""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A file as it was at one moment."""

    state: FileState
    content: bytes | None
    omitted: str | None
    links: int = 1
    """Names on the whole file system, just now; 0 where it has lost its last one."""
    in_place: bool = True
    """False where it was not at its path any more afterwards, so that nobody knows yet where it was read."""
    writing: bool | None = None
    """Whether its writer had it open for writing once more after that; None where nobody knows."""
    locked: bool = False
    """Whether it was empty, and somebody was amid changing it."""
    asked: bool = False
    """Whether its writer was asked about, known or not."""
    read_ns: int = 0
    """Wall time of that."""


class FileReader:
    """Reads files below one root; it never opens a FIFO or device, and never waits for one."""

    def __init__(
        self,
        disk: Disk,
        tree: Tree,
        content_bytes_max_of: Callable[[bytes], int],
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._disk = disk
        self._tree = tree
        self.names_inside = NamesInside(disk, tree)
        self.asked = Asked()
        self.withheld: set[bytes] = set()
        """Files of which names seem to be outside; some of these may only not be heard of yet."""
        self._content_bytes_max_of = content_bytes_max_of
        self._clock_ns = clock_ns

    def read(self, file: File, path: bytes, writer_pid: int | None = None) -> Reading | Unread:
        """Read what bears the file's key, and look whether it then still is what this path leads to.

        If it is, what was read was inside the root when it was read. Its writer may be asked about, too.
        """
        bytes_max = self._content_bytes_max_of(path)
        asked_ns = self._clock_ns() if writer_pid else 0
        try:
            look = self._disk.look(file.key, path, 1, bytes_max, writer_pid or NO_PID)
            if writer_pid:
                self.asked.about(file.key, writer_pid, asked_ns)
            if look.links > 1 and look.size <= bytes_max:
                return self._read_linked(file, path, look, bytes_max, writer_pid)
        except NotRegular:
            return Unread.NOT_REGULAR
        except OSError as e:
            self._disk.must_answer(e)
            return _unread(e)
        return self._judged(file, look, bytes_max, writer_pid)

    def read_plain(self, file: File, path: bytes, heard_ns: int) -> Reading | None:
        """Read a file that is as most are after a close: not empty, whole, in its place under its one name.

        None where it is not, or has changed since its close was heard of: `read` says more.
        """
        try:
            look = self._disk.look(file.key, path, 1, self._content_bytes_max_of(path), NO_PID)
        except (NotRegular, OSError):
            return None
        content = look.content
        if not content or not look.in_place or look.changed or look.ctime_ns > heard_ns or look.links != 1:
            return None
        sha256 = hashlib.sha256(content).hexdigest()
        return Reading(FileState(file.key, look.size, look.mtime_ns, look.ctime_ns, sha256), content, None)

    def state_of(self, file: File) -> os.stat_result | None:
        """Give what the disk says of the file's key now; None if it is gone."""
        try:
            place = self._disk.open_path(file.key)
        except OSError:
            return None
        try:
            return os.fstat(place)
        except OSError as e:
            self._disk.must_answer(e)
            return None
        finally:
            os.close(place)

    def came_complete(self, file: File) -> bool:
        """Tell whether a name, not written through since it appeared, links to what existed before."""
        status = self.state_of(file)
        return status is not None and (status.st_nlink > 1 or status.st_size > 0)

    def _read_linked(
        self, file: File, path: bytes, look: Look, bytes_max: int, writer_pid: int | None
    ) -> Reading | Unread:
        """Read a file of several names, if all of them are inside: through one outside others write."""
        for _ in range(LINK_LOOKS_MAX):
            links, ctime_ns = look.links, look.ctime_ns
            inside = self.names_inside.count(file, look)
            if inside is None:
                return Unread.UNCOUNTED
            all_inside = inside >= links
            if all_inside and not look.settled:
                return Unread.RECENT
            look = self._disk.look(
                file.key, path, links if all_inside else 1, bytes_max, writer_pid or NO_PID
            )
            # Neither has a name come or gone since they were counted, nor was one counted twice.
            if look.ctime_ns == ctime_ns and all_inside:
                return self._judged(file, look, bytes_max, writer_pid)
            if look.ctime_ns == ctime_ns:
                self._withhold(file.key)
                return self._reading(file, look, writer_pid, None, "linked_outside")
        return Unread.CHANGING

    def is_withheld_in_vain(self, file: File, links: int) -> bool:
        """Tell whether a file was told of without its content, and all its names are known by now."""
        if not 1 < links <= LINKS_SEARCHED_MAX:
            return False
        names = self._tree.names[file.key]
        told = [name.state for name in names if name.state is not None]
        return links <= len(names) and any(state.sha256 is None for state in told)

    def releases(self, key: bytes, links: int) -> bool:
        """Tell whether the content of a file that has been read may have been withheld under other names."""
        if 1 < links <= LINKS_SEARCHED_MAX:
            return True
        if key not in self.withheld:
            return False
        self.withheld.remove(key)
        return True

    def _withhold(self, key: bytes) -> None:
        if len(self.withheld) >= WITHHELD_MAX:
            self.withheld.clear()
        self.withheld.add(key)

    def _judged(self, file: File, look: Look, bytes_max: int, writer_pid: int | None) -> Reading | Unread:
        if look.size > bytes_max:
            return self._reading(file, look, writer_pid, None, "too_large")
        if look.content is None or look.changed:
            return Unread.CHANGING
        return self._reading(file, look, writer_pid, look.content, None)

    def _reading(
        self, file: File, look: Look, writer_pid: int | None, content: bytes | None, omitted: str | None
    ) -> Reading:
        sha256 = None if content is None else hashlib.sha256(content).hexdigest()
        return Reading(
            FileState(file.key, look.size, look.mtime_ns, look.ctime_ns, sha256),
            content,
            omitted,
            look.links,
            look.in_place,
            look.writing,
            look.locked,
            asked=writer_pid is not None,
            read_ns=self._clock_ns(),
        )


def _unread(refused: OSError) -> Unread:
    if refused.errno == errno.ESTALE:
        return Unread.GONE
    if refused.errno in (errno.EWOULDBLOCK, errno.ETXTBSY):
        return Unread.CHANGING  # another process holds a lease: it is at work on the file
    if refused.errno in (errno.ENOENT, errno.ENOMEM):
        # It is not at the places that are known, and may have moved on. ENOMEM is ext4's answer, too, while
        # it gives a deleted file's inode number to a new one (iget_locked).
        return Unread.UNCERTAIN
    return Unread.UNREADABLE
