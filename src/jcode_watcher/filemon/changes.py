"""What a mode heard from the kernel: a hint that something changed, which the follower then looks at.

A folder or file is named by its key: opaque bytes that stay the same as long as it exists, across renames.
"""

from typing import Final

import msgspec

# The values are fanotify's, so that mode `handles` has nothing to translate.
MODIFIED = 0x2
CLOSED = 0x8
CREATED = 0x100
DELETED = 0x200
OVERFLOWED = 0x4000
RENAMED = 0x10000000
OF_FOLDER = 0x40000000
# Beyond fanotify's: what modes say that hear less.
UNSEEN = 1 << 40
"""With CREATED: what is in the new folder already was not heard of."""
COMPARE = 1 << 41
"""Of nothing in particular: it is time to compare with the disk."""
UNHEARD = 1 << 42
"""Of nothing in particular: not all folders can be heard; they are compared from time to time."""
DOUBTED = 1 << 43
"""Of a folder: something left it, and it will be told where to; if not, the disk has the last word."""


NO_PID: Final = 0
"""Of whom nobody knows."""


class Change(msgspec.Struct, frozen=True, gc=False):
    """Something happened to `target`, which is called `name` in `folder`.

    Several bits of `what` in one change happened in an order that nobody knows.
    """

    what: int
    pid: int
    folder: bytes
    name: bytes
    target: bytes
    new_folder: bytes = b""
    new_name: bytes = b""
    """Where it went; only with RENAMED."""


class Cause(msgspec.Struct, frozen=True, gc=False):
    """Who changed something (NO_PID: nobody can know), and when it was heard of."""

    pid: int
    time_ns: int
