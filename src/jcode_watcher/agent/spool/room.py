"""How much the spool can still take: what its limit leaves, and what its disk does."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from jcode_watcher.agent.spool.database import PAGES_MAX, folder_of

DISK_BYTES_KEPT_FREE: Final = 16 * 1024 * 1024
"""The spool leaves so much of its disk alone: taking events out is written ahead too, before it frees any."""
SMALL_DISK_PART: Final = 8
"""Of a small disk, this part at most."""
TIMES_WRITTEN: Final = 2
"""Into the write-ahead log, and from there into the file."""


class Room:
    """Asks a connection and the disk under it; each thread has its own."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._pages_max: int = database.execute(f"SELECT {PAGES_MAX}()").fetchone()[0]
        self._folder = folder_of(database)

    def left_bytes(self) -> int:
        """Tell how much more can be kept."""
        free_pages = self._pragma("freelist_count")
        unused_pages = max(0, self._pages_max - self._pragma("page_count") + free_pages)
        page_bytes = self._pragma("page_size")
        return min(unused_pages * page_bytes, free_pages * page_bytes + usable_bytes(self._folder))

    def possible_bytes(self) -> int:
        """Tell how much could be kept if nothing were."""
        used_pages = self._pragma("page_count") - self._pragma("freelist_count")
        return used_pages * self._pragma("page_size") + self.left_bytes()

    def _pragma(self, name: str) -> int:
        found: int = self._database.execute(f"PRAGMA {name}").fetchone()[0]
        return found


def usable_bytes(folder: Path) -> int:
    """Tell by how much a file under the spool may grow on its disk."""
    disk = os.statvfs(folder)
    kept_free = min(DISK_BYTES_KEPT_FREE, disk.f_blocks * disk.f_frsize // SMALL_DISK_PART)
    return max(0, disk.f_bavail * disk.f_frsize - kept_free) // TIMES_WRITTEN
