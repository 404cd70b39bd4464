"""Whether an empty file is being changed just now: who truncates it may have to wait for the journal."""

import errno
import fcntl
import mmap
import os
from typing import Final

ALIGNED: Final = mmap.mmap(-1, mmap.PAGESIZE)
"""Where a direct read would put what it read."""


def is_locked(fd: int) -> bool:
    """Tell whether somebody holds the lock under which a file is changed (the kernel's `i_rwsem`).

    A direct read takes the same lock to share it, and is refused if it may not wait (ext4, xfs). It changes
    the flags of `fd`. False also where the file system shows nothing.
    """
    try:
        fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_DIRECT)
        os.preadv(fd, [ALIGNED], 0, os.RWF_NOWAIT)
    except OSError as e:
        return e.errno == errno.EAGAIN
    return False
