"""Who was asked about as the writer of which file: what it then closes may seem to be closed by us.

Whoever looks into /proc/PID/fdinfo holds the file for a moment. If its writer closes it just then, we are the
last to let go, and the kernel names us.
"""

import os
from typing import Final

from jcode_watcher.filemon.changes import Change

FILES_MAX: Final = 1 << 10
"""Closes follow at once; beyond that all are forgotten."""


class Asked:
    """Remembers writers, so that no save is taken for one of this process."""

    def __init__(self) -> None:
        self._own_pid = os.getpid()
        self._writers: dict[bytes, int] = {}

    def about(self, key: bytes, pid: int) -> None:
        """Note that a process is asked about as the writer of a file."""
        if len(self._writers) >= FILES_MAX:
            self._writers.clear()
        self._writers[key] = pid

    def pid_of(self, change: Change) -> int:
        """Give who made a change: the kernel's word, unless it named us in place of another."""
        if change.pid != self._own_pid:
            return change.pid
        return self._writers.get(change.target, change.pid)
