"""The mark: what was kept and dropped last, said outside the spool.

SQLite takes a log that is damaged or gone for one that ended earlier, and a full spool takes no count of what
it drops. The mark is written after each of the keeper's commits, so it is behind the spool or says the same;
one that is ahead tells that commits are missing. What was delivered needs none: where that is forgotten it is
delivered again, and the service stores it once.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from zlib import crc32

import msgspec

from jcode_watcher.agent.spool.dropped import Dropped

FILE_NAME: Final = "mark"
MARK_BYTES: Final = 512
"""Its length, always: once it has its block, also a full disk takes it."""


class Mark(msgspec.Struct, frozen=True):
    """What the latest start says of itself."""

    agent: str
    seq: int
    """Of the last event kept."""
    since_ns: int
    """What happened before is kept, and delivered."""
    dropped: Dropped | None
    """What found no room, if the gap that states it is not kept either."""


def read_mark(folder: Path) -> Mark | None:
    """Give the mark of a state folder; None where there is none that can be read: then it says nothing."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            checksum, _, said = file.read(MARK_BYTES).partition(b" ")
        return msgspec.json.decode(said, type=Mark) if checksum == checksum_of(said) else None
    except (OSError, msgspec.DecodeError):
        return None


def write_mark(folder: Path, mark: Mark) -> None:
    """Write it over the one before."""
    said = msgspec.json.encode(mark)
    said = said.ljust(MARK_BYTES - len(checksum_of(b" ")) - 2) + b"\n"
    # One that is behind, or none, is no harm: it only says less.
    with suppress(OSError):
        file = os.open(folder / FILE_NAME, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(file, checksum_of(said) + b" " + said, 0)
            # Of what was dropped nothing else speaks; all else may be as old as the machine's end leaves it.
            if mark.dropped:
                os.fdatasync(file)
        finally:
            os.close(file)


def checksum_of(said: bytes) -> bytes:
    """Give in eight digits what tells a mark from half of one."""
    return b"%08x" % crc32(said)
