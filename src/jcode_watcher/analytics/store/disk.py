"""The disk under the store."""

import os
from pathlib import Path
from typing import NamedTuple

from jcode_watcher.analytics.errors import StoreFailed


class Disk(NamedTuple):
    """Refuses to fill the disk to its last byte: merging parts, which gives space back, needs some itself."""

    folder: Path
    free_bytes_min: int

    def need_room(self) -> None:
        """StoreFailed while less space is free than must stay free."""
        found = os.statvfs(self.folder)
        free = found.f_bavail * found.f_frsize
        if free < self.free_bytes_min:
            raise StoreFailed(
                f"no space: {free} bytes are free at {self.folder}, {self.free_bytes_min} must be; "
                "make room, or lower --disk-free-mebibytes-min"
            )
