"""Whether each change of an inode gives it another change time, once somebody has asked for the last one.

Multigrain timestamps: Linux 6.13, on some file systems. Else it goes in ticks of 1 to 10 ms (CONFIG_HZ).
"""

import os
import re
import time
from typing import Final

from jcode_watcher.filemon.mounts import filesystem_type

SINCE: Final = (6, 13)
TYPES: Final = frozenset(("ext4", "xfs", "btrfs", "tmpfs"))
CLOCK_REALTIME_COARSE: Final = 5
TICKS_SECONDS: Final = 2 * time.clock_getres(CLOCK_REALTIME_COARSE)
"""What was changed longer ago would show any change since."""


def has_fine_times(path: bytes, release: str | None = None) -> bool:
    """Tell whether the file system that holds a path does so, under this kernel or that `release`."""
    numbers = re.match(r"(\d+)\.(\d+)", os.uname().release if release is None else release)
    version = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    return version >= SINCE and filesystem_type(path) in TYPES
