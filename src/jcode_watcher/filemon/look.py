"""What one look at a file brings."""

import msgspec


class NotRegular(Exception):
    """What was to be read is a link, FIFO, device, socket or folder."""


class Look(msgspec.Struct, frozen=True, gc=False):
    """A file's content, and what the disk said of it after it was read."""

    content: bytes | None
    """None where it was larger than asked for, or had more names."""
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    links: int
    """Names on the whole file system; 0 where it has lost its last one."""
    in_place: bool
    """Whether the path led to it after it was read."""
    changed: bool
    """Whether it was written to, or got or lost a name, meanwhile."""
    settled: bool
    """Whether a name that came or went since would show in its change time."""
    writing: bool | None
    """Whether its writer had it open for writing once more after it was read; None where nobody knows."""
    locked: bool = False
    """Whether it was empty, and somebody was amid changing it: who truncates it may wait for the journal."""
