"""Who was asked about as the writer of which file: what it then closes may seem to be closed by us.

Whoever looks into /proc/PID/fdinfo holds each file that the process has open for a moment. If that closes one
just then, we are the last to let go, and the kernel names us.
"""

import os
from collections import deque
from typing import Final, NamedTuple

from jcode_watcher.filemon.changes import NO_PID, Change

QUESTIONS_MAX: Final = 1 << 10
"""At some 0.1 ms each, no more fit into the time."""
HEARD_WITHIN_NS: Final = 100_000_000
"""From a question to the hearing of a close that we delayed: one drain, however busy the machine is."""


class Question(NamedTuple):
    """One look for a writer of a file."""

    time_ns: int
    key: bytes
    pid: int


class Asked:
    """Remembers questions, so that no save is taken for one of this process, which never writes."""

    def __init__(self) -> None:
        self.own_pid = os.getpid()
        self._questions: deque[Question] = deque(maxlen=QUESTIONS_MAX)

    def about(self, key: bytes, pid: int, time_ns: int) -> None:
        """Note that a process is asked about as the writer of a file, at this wall time."""
        self._questions.append(Question(time_ns, key, pid))

    def pid_of(self, change: Change, heard_ns: int) -> int:
        """Give who made a change: the kernel's word, unless it named us in place of another.

        NO_PID where several were asked about just then: as writers of this file or, if none was, of any.
        """
        if change.pid != self.own_pid:
            return change.pid
        lately = [q for q in self._questions if heard_ns - HEARD_WITHIN_NS <= q.time_ns <= heard_ns]
        if not lately:
            return change.pid
        pids = {q.pid for q in lately if q.key == change.target} or {q.pid for q in lately}
        return pids.pop() if len(pids) == 1 else NO_PID
