"""Which files are wanted, and every such file below a folder."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = (b".c", b".h", b".py")
PRUNED = (b".git", b"node_modules", b"__pycache__")
CONTENT_BYTES_MAX = 1 << 20


def is_wanted(path: bytes) -> bool:
    return path.endswith(SUFFIXES)


def is_pruned(path: bytes) -> bool:
    return path.rpartition(b"/")[2] in PRUNED


def walk(root: Path) -> Iterator[tuple[bytes, str | None]]:
    """Give every wanted file below a folder, also where paths are longer than the kernel takes."""

    def into(fd: int, path: bytes) -> Iterator[tuple[bytes, str | None]]:
        with os.scandir(fd) as entries:
            for entry in entries:
                name = os.fsencode(entry.name)
                below = path + name
                if entry.is_dir(follow_symlinks=False) and not is_pruned(below):
                    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=fd)
                    yield from into(inner, below + b"/")
                elif entry.is_file(follow_symlinks=False) and is_wanted(below):
                    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=fd), "rb") as file:
                        small = os.fstat(file.fileno()).st_size <= CONTENT_BYTES_MAX
                        yield below, hashlib.file_digest(file, "sha256").hexdigest() if small else None
        os.close(fd)

    return into(os.open(root, os.O_RDONLY | os.O_DIRECTORY), b"")
