"""Folders of the tree, opened without following a link, and what is in them."""

import os
import stat
from contextlib import suppress
from typing import Final

FOLDER_MODE: Final = 0o750
READ_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of a version that is read again because its file moved: the most that any has."""
OPENED_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def folder_in(outer: int, name: bytes) -> int:
    """Open a folder, made where there is none. OSError, also where the name is a link's."""
    try:
        return os.open(name, OPENED_FOLDER, dir_fd=outer)
    except FileNotFoundError:
        with suppress(FileExistsError):
            os.mkdir(name, FOLDER_MODE, dir_fd=outer)
            os.fsync(outer)
    return os.open(name, OPENED_FOLDER, dir_fd=outer)


def read_whole(folder: int, name: bytes) -> bytes | None:
    """Read a version; None where it is none, or longer than any."""
    with suppress(FileNotFoundError):
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(file, "rb") as opened:
            content = opened.read(READ_BYTES_MAX + 1)
            return content if len(content) <= READ_BYTES_MAX else None
    return None


def entries(folder: int) -> list[bytes]:
    """Give the names in an open folder."""
    with os.scandir(folder) as found:
        return [os.fsencode(entry.name) for entry in found]


def is_version(folder: int, name: bytes, until_ns: int) -> bool:
    """Tell whether a name is that of a file, and its moment no later than this."""
    with suppress(FileNotFoundError):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return stat.S_ISREG(found.st_mode) and found.st_mtime_ns <= until_ns
    return False
