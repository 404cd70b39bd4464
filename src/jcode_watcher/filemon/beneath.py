"""Opens by path what lies below one root, and nothing else: openat2(2) refuses links, `..` and mounts."""

import os
from collections.abc import Iterator

from jcode_watcher.filemon._disk import lib
from jcode_watcher.filemon.calls import checked

PATH_BYTES_MAX = 3500
"""Below PATH_MAX (4096): longer paths are walked in pieces."""
FOLDER = os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY


class Beneath:
    """Walks down from an open root."""

    def __init__(self, root_fd: int) -> None:
        self._root_fd = root_fd

    def open(self, path: bytes, flags: int = FOLDER) -> int:
        """Open what a path, relative and not empty, leads to. OSError if it leads nowhere, or out."""
        fd = self._root_fd
        *outer_pieces, last = _pieces(path)
        for piece in (*outer_pieces, None):
            outer = fd
            try:
                fd = checked(
                    lib.disk_open_beneath(outer, last, flags)
                    if piece is None
                    else lib.disk_open_beneath(outer, piece, FOLDER)
                )
            finally:
                if outer != self._root_fd:
                    os.close(outer)
        return fd


def _pieces(path: bytes) -> Iterator[bytes]:
    while len(path) > PATH_BYTES_MAX:
        cut = path.rindex(b"/", 0, PATH_BYTES_MAX)
        yield path[:cut]
        path = path[cut + 1 :]
    yield path
