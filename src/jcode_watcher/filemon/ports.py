"""The two narrow ports between what a mode does its own way and everything that all modes share.

A mode is one file in `modes/` that implements `Watch`; how it opens what the kernel named is its `disk`.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from jcode_watcher.filemon.changes import Change
from jcode_watcher.filemon.look import Look


class Pauses(NamedTuple):
    """How long to wait from one comparison with the disk to the next."""

    rescan_seconds: float
    """Where nothing is heard, of all folders or of some."""
    compare_seconds: float
    """Where all is heard but what other machines do, and what several renames at once have blurred."""


class Disk(Protocol):
    """Opens folders and files below one root by their keys; never anything outside it by way of a name.

    Whatever asks the file system raises Unanswered where that says nothing at all, as NFS without its server.
    """

    root_key: bytes

    def key_at(self, folder_fd: int, name: bytes) -> bytes | None:
        """Give the key of what has this name in an open folder; None if nothing has, or a mount covers it."""

    def open_folder(self, key: bytes) -> int:
        """Open a folder for listing. OSError if it is gone."""

    def open_path(self, key: bytes) -> int:
        """Open anything as a mere place (O_PATH), which touches neither FIFO nor device. OSError if gone."""

    def look(self, key: bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        """Read a regular file, then look whether a path below the root, across no link, leads to it.

        So what was read was inside the root when it was read. A file of more names or bytes is not read.
        In between, a writer that is not 0 is asked about: see `Look.writing`.
        NotRegular if it is none, which is not opened; OSError if it is gone, or the disk refuses.
        """

    def is_at(self, folder_path: bytes, name: bytes, key: bytes) -> bool:
        """Tell whether, below the root and across no link or mount, this path leads to `key` right now."""

    def parent_of(self, key: bytes) -> tuple[bytes, bytes] | None:
        """Give the key of the folder around a folder, and its name there; None where there is none.

        None is also the answer for what lies at the top of the mount. OSError if the folder is gone.
        """

    def must_answer(self, refused: OSError) -> None:
        """Unanswered if it is not one file or folder that refused, but the whole file system."""

    def forget_places(self) -> None:
        """Remember no more where things are: all folders are about to be listed again from the root."""

    def close(self) -> None:
        """Let go of everything that was open."""


class Watch(Protocol):
    """One way of hearing from the kernel, from the moment it is made until it is closed."""

    foreign: int
    """Changes heard of on other file systems, and dropped."""

    @property
    def unfinished(self) -> bool:
        """Whether `read` has to be called again before anybody can say that nothing more was heard."""

    @property
    def disk(self) -> Disk:
        """What opens the keys of this watch's changes."""

    def fileno(self) -> int:
        """Give what to poll: readable means that `read` has something."""

    def read(self) -> bytes:
        """Take what the kernel has, up to a limit; nothing where it has nothing. Never waits."""

    def changes(self, buffer: bytes) -> Iterator[Change]:
        """Decode what `read` gave, one change at a time, in the kernel's order."""

    def ahead(self, buffer: bytes, followed: int) -> Iterator[Change]:
        """Give what `changes` will say of saves, after so many changes, with no effect on that.

        Some may be missing: what cannot be told before its turn.
        """

    def close(self) -> None:
        """Hear nothing any more."""
