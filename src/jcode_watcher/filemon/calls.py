"""What a system call gave, or why it failed."""

import os

from jcode_watcher.filemon._disk import ffi


def checked(result: int) -> int:
    """Give what a call gave. OSError where that says that it failed; asked at once, in the same thread."""
    if result < 0:
        number = ffi.errno
        raise OSError(number, os.strerror(number))
    return result
