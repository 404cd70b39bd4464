"""Reads at once what was saved, where it can be told only in its turn and would be another save by then.

So what one workspace brings without end delays the others, but takes nothing from them.
"""

from collections.abc import Callable, Iterator
from typing import Final

from jcode_watcher.filemon.changes import CLOSED, OF_FOLDER, RENAMED, Change
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.reading import FileReader, Reading, Unread
from jcode_watcher.filemon.tree import File, Folder, Tree

READINGS_MAX: Final = 10
"""Of one workspace in a moment: who saves more is who makes the others wait, for some 0.3 ms each."""
MOMENT_SECONDS: Final = 0.1
HELD_BYTES_MAX: Final = 16 << 20
"""Of content that waits for its turn."""


class EarlyReader:
    """Reads files before their turn, and gives what it read when that comes; one thread."""

    def __init__(self, reader: FileReader, tree: Tree, wants: Callable[[bytes], bool], tally: Tally) -> None:
        self._reader = reader
        self._tree = tree
        self._wants = wants
        self._tally = tally
        self.readings: dict[tuple[int, bytes, bytes], Reading] = {}
        """What waits for its turn, by when the save was heard of, key and path."""
        self._held_bytes = 0
        self._begun = 0.0
        self._read: dict[Folder, int] = {}
        """Of each workspace, since then."""

    def read_ahead(self, changes: Iterator[Change], time_ns: int, now: float) -> None:
        """Read what was completed by changes that were heard of just now, and will be followed later."""
        if now - self._begun >= MOMENT_SECONDS:
            self._begun = now
            self._read.clear()
        for change in changes:
            if change.what & OF_FOLDER:
                continue
            if change.what & RENAMED:
                self._read_in(change.new_folder, change.new_name, change, time_ns)
            elif change.what & CLOSED:
                self._read_in(change.folder, change.name, change, time_ns)

    def read(self, file: File, path: bytes, heard_ns: int, writer_pid: int | None = None) -> Reading | Unread:
        """Give what was read of a file when a change was heard of, or read it now; see `FileReader.read`."""
        early = self._take(file, path, heard_ns) if self.readings else None
        if early is not None and early.in_place:
            return early
        reading = self._reader.read(file, path, writer_pid)
        if early is None or (isinstance(reading, Reading) and reading.in_place):
            return reading
        return early

    def forget(self) -> None:
        """Nothing waits for its turn any more."""
        self.readings.clear()
        self._held_bytes = 0

    def _take(self, file: File, path: bytes, heard_ns: int) -> Reading | None:
        """Give what was read for a change, unless newer was told since: some looks come before their turn."""
        reading = self.readings.pop((heard_ns, file.key, path), None)
        if reading is None:
            return None
        self._held_bytes -= len(reading.content or b"")
        is_old = file.state is not None and file.state.ctime_ns > reading.state.ctime_ns
        return None if is_old else reading

    def _read_in(self, key: bytes, name: bytes, change: Change, time_ns: int) -> None:
        folder = self._tree.folder(key)
        if folder is None or folder.pruned or self._held_bytes >= HELD_BYTES_MAX:
            return
        read = self._read.get(folder.workspace, 0)
        path = folder.path_of(name)
        if read >= READINGS_MAX or not self._wants(path):
            return
        self._read[folder.workspace] = read + 1
        writer_pid = self._reader.asked.pid_of(change, time_ns)
        reading = self._reader.read(File(folder, name, change.target), path, writer_pid)
        # Of further names it is not known yet whether they are inside.
        if isinstance(reading, Reading) and reading.links <= 1 and not reading.writing:
            self._tally.read_early += 1
            self._held_bytes += len(reading.content or b"")
            self.readings[time_ns, change.target, path] = reading
