"""What a system call gave, or why it failed."""

import os

from jcode_watcher.filemon._disk import ffi


def checked(result: int) -> int:
    """Give what a call gave. OSError where that says that it failed; asked at once, in the same thread."""
    if result < 0:
        raise refusal()
    return result


def refusal() -> OSError:
    """Say why the last call in this thread failed."""
    number = ffi.errno
    return OSError(number, os.strerror(number))
