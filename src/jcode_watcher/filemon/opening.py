"""Opens regular files for reading, and nothing else: a FIFO or device is looked at, never opened."""

import os
import stat

FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK


class NotRegular(Exception):
    """What was to be read is a link, FIFO, device, socket or folder."""


class Opening:
    """Knows how to open without leaving a trace, where that is allowed."""

    def __init__(self) -> None:
        self.flags = FLAGS | os.O_NOATIME

    def may_leave_traces(self) -> None:
        """Only a file's owner, or CAP_FOWNER, may read without leaving a trace; this process is neither."""
        self.flags = FLAGS

    def of_place(self, place: int) -> int:
        """Open for reading what is open as a mere place (O_PATH). NotRegular, or OSError if refused."""
        if not stat.S_ISREG(os.fstat(place).st_mode):
            raise NotRegular
        path = f"/proc/self/fd/{place}"
        try:
            return os.open(path, self.flags)
        except PermissionError:
            self.may_leave_traces()
            return os.open(path, self.flags)
