"""The kernel's fanotify, as far as it is used here (linux/fanotify.h, fanotify(7))."""

import os
import struct
from collections.abc import Iterator

from jcode_watcher.filemon._disk import lib
from jcode_watcher.filemon.calls import checked
from jcode_watcher.filemon.changes import Change

CLASS_NOTIF = 0
CLOEXEC = 0x1
NONBLOCK = 0x2
UNLIMITED_QUEUE = 0x10
REPORT_FID = 0x200
REPORT_DIR_FID = 0x400
REPORT_NAME = 0x800
REPORT_TARGET_FID = 0x1000
REPORT_DFID_NAME_TARGET = REPORT_FID | REPORT_DIR_FID | REPORT_NAME | REPORT_TARGET_FID

MARK_ADD = 0x1
MARK_FILESYSTEM = 0x100

MODIFY = 0x2
CLOSE_WRITE = 0x8
CREATE = 0x100
DELETE = 0x200
RENAME = 0x10000000
ONDIR = 0x40000000

INFO_FID = 1
INFO_DFID_NAME = 2
INFO_OLD_DFID_NAME = 10
INFO_NEW_DFID_NAME = 12

VERSION = 3
METADATA = struct.Struct("=IBBHQii")
"""event_len, vers, reserved, metadata_len, mask, fd, pid."""
FSID_AT = 4
"""In an information record: after type (1), padding (1), length (2)."""
HANDLE_AT = 12
HANDLE_HEAD_BYTES = 8
"""struct file_handle: bytes (4), type (4), and then the handle itself."""
AT_FDCWD = -100


class BadBuffer(ValueError):
    """Bytes that are no fanotify events: this program and the kernel do not speak of the same thing."""


class Event(Change, frozen=True, gc=False):
    """One change as the kernel wrote it: its mask is `what`, a key is a whole `struct file_handle`."""

    fsid: bytes = b""


def init(flags: int) -> int:
    """Make a fanotify group and give its descriptor. OSError as in fanotify_init(2)."""
    return checked(lib.fanotify_init(flags, os.O_RDONLY | os.O_CLOEXEC))


def mark_filesystem(group_fd: int, mask: int, path: bytes) -> None:
    """Ask for the events of the whole file system that `path` lies on. OSError as in fanotify_mark(2)."""
    checked(lib.fanotify_mark(group_fd, MARK_ADD | MARK_FILESYSTEM, mask, AT_FDCWD, path))


def events(buffer: bytes) -> Iterator[Event]:
    """Decode what read(2) gave, one event at a time. BadBuffer where it is not what fanotify(7) says."""
    at = 0
    while at < len(buffer):
        if len(buffer) - at < METADATA.size:
            raise BadBuffer(f"{len(buffer) - at} bytes left where an event of {METADATA.size} must begin")
        length, version, _, metadata_length, mask, _, pid = METADATA.unpack_from(buffer, at)
        if version != VERSION or length < METADATA.size or at + length > len(buffer):
            raise BadBuffer(f"event version {version} of {length} bytes; version {VERSION} is understood")
        yield _event(buffer, at + metadata_length, at + length, mask, pid)
        at += length


def opened(buffer: bytes) -> Iterator[tuple[int, int, int]]:
    """Decode what a group gave that asks for descriptors: mask, descriptor (-1: none) and pid of each event.

    Who asks has to close the descriptors. BadBuffer where it is not what fanotify(7) says.
    """
    at = 0
    while at < len(buffer):
        length, version, _, _, mask, fd, pid = METADATA.unpack_from(buffer, at)
        if version != VERSION or length < METADATA.size:
            raise BadBuffer(f"event version {version} of {length} bytes; version {VERSION} is understood")
        yield mask, fd, pid
        at += length


def _event(buffer: bytes, at: int, end: int, mask: int, pid: int) -> Event:
    fsid = folder = name = target = new_folder = new_name = b""
    while at < end:
        kind = buffer[at]
        length = buffer[at + 2] | buffer[at + 3] << 8
        if length < HANDLE_AT or at + length > end:
            raise BadBuffer(f"information record of type {kind} and {length} bytes")
        start = at + HANDLE_AT
        stop = start + HANDLE_HEAD_BYTES + buffer[start]
        if kind == INFO_FID:
            target = buffer[start:stop]
        elif kind == INFO_NEW_DFID_NAME:
            new_folder, new_name = buffer[start:stop], _name(buffer, stop, at + length)
        elif kind in (INFO_DFID_NAME, INFO_OLD_DFID_NAME):
            fsid = buffer[at + FSID_AT : start]
            folder, name = buffer[start:stop], _name(buffer, stop, at + length)
        at += length
    return Event(mask, pid, folder, name, target, new_folder, new_name, fsid)


def _name(buffer: bytes, start: int, end: int) -> bytes:
    # The kernel pads the record with zero bytes after the name's own.
    return buffer[start : buffer.index(0, start, end)]
