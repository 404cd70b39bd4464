"""Room on the disk that is held to be given up: even taking events out of a full spool needs some."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jcode_watcher.agent.errors import SpoolFull

T = TypeVar("T")

FILE_NAME = "reserve"
RESERVE_BYTES = 4 * 1024 * 1024
"""More than the write-ahead log needs to settle one batch."""
FREE_BYTES_MIN = 2 * RESERVE_BYTES
"""The room is taken again only where so much is free."""


class Reserve:
    """A file that holds nothing. Used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self.hold()

    def hold(self) -> None:
        """Take the room, where it is not held and the disk has plenty."""
        if self._path.exists() or free_bytes(self._path.parent) < FREE_BYTES_MIN:
            return
        file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, RESERVE_BYTES)
        except OSError:  # another program was quicker: then nothing is held
            self.release()
        finally:
            os.close(file)

    def release(self) -> bool:
        """Give the room up; tell whether there was any."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True

    def spend(self, work: Callable[[], T]) -> T:
        """Do what makes room, if need be with the held room; SpoolFull where that is gone too."""
        try:
            done = work()
        except SpoolFull:
            if not self.release():
                raise
            return work()
        self.hold()
        return done


def free_bytes(folder: Path) -> int:
    """Tell what the disk under a folder has left."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
