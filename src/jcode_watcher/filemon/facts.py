"""What happened to files below a watched root. Paths are bytes relative to the root; times nanoseconds.

`time_ns` is wall clock (since 1970, UTC): when the event was read from the kernel, which is after it happened
and, with no backlog, within a millisecond of it.
"""

from typing import Literal

import msgspec

How = Literal["closed", "renamed_over", "moved_in", "linked", "exchanged", "held_open", "rescan"]


class FileState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is remembered of a file, so that a change made while nobody looked is found."""

    handle: bytes
    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str | None


class Saved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A save of a wanted file was completed."""

    time_ns: int
    pid: int
    """Of the writer; 0 where nobody can know (found at rescan)."""
    path: bytes
    how: How
    size: int
    sha256: str | None
    content: bytes | None
    """None where `omitted` says why."""
    omitted: str | None
    """`unchanged`, `too_large`, `gone`, ..."""
    previous_sha256: str | None
    state: FileState


class Deleted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A wanted file is gone from its path."""

    time_ns: int
    pid: int
    path: bytes
    how: Literal["deleted", "moved_out", "rescan"]
    previous_sha256: str | None


class Moved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A wanted file has another wanted path; its content is the same."""

    time_ns: int
    pid: int
    path: bytes
    destination: bytes
    state: FileState


class Missed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known to be missing: of a full queue, of folders nobody hears, or of a file saved too often."""

    reason: str
    count: int | None
    since_ns: int
    until_ns: int
    workspace: bytes = b""
    """Name of the folder below the root where all that is missing is from that one; else empty."""


Fact = Saved | Deleted | Moved | Missed


class Unkept(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was told of a path last, and whoever was told had no room to keep."""

    path: bytes
    told: FileState | None
    """None where it was told as gone."""
    kept: FileState | None
    """What was told before, and kept; None where that is nothing."""
