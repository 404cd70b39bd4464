"""The kernel's inotify, as far as it is used here (linux/inotify.h, inotify(7))."""

import os
import struct
from collections.abc import Iterator

import msgspec

from jcode_watcher.filemon._disk import lib
from jcode_watcher.filemon.calls import checked

MODIFY = 0x2
CLOSE_WRITE = 0x8
MOVED_FROM = 0x40
MOVED_TO = 0x80
CREATE = 0x100
DELETE = 0x200
OVERFLOW = 0x4000
IGNORED = 0x8000
ONLYDIR = 0x01000000
ISDIR = 0x40000000
HEAD = struct.Struct("=iIII")
"""wd, mask, cookie, len; len bytes of name and padding follow."""


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event as the kernel wrote it."""

    watch: int
    mask: int
    cookie: int
    name: bytes


def init() -> int:
    """Make an inotify instance and give its descriptor. OSError as in inotify_init1(2)."""
    return checked(lib.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))


def add_watch(fd: int, folder_fd: int, mask: int) -> int:
    """Watch an open folder, and give the number that its events bear. OSError as in inotify_add_watch(2)."""
    return checked(lib.inotify_add_watch(fd, b"/proc/self/fd/%d" % folder_fd, mask | ONLYDIR))


def remove_watch(fd: int, watch: int) -> bool:
    """Watch a folder no more; False if the kernel had forgotten it before."""
    return bool(lib.inotify_rm_watch(fd, watch) == 0)


def events(buffer: bytes) -> Iterator[Event]:
    """Decode what read(2) gave, one event at a time."""
    at = 0
    while at < len(buffer):
        watch, mask, cookie, length = HEAD.unpack_from(buffer, at)
        at += HEAD.size
        yield Event(watch, mask, cookie, buffer[at : at + length].rstrip(b"\0"))
        at += length
