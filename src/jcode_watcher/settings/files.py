"""Reads the small files that an operator names."""

import os
import stat
from pathlib import Path
from typing import Final

OPENED: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""So that a pipe or a terminal is not waited for."""


class CannotRead(OSError):
    """A file cannot be read: why, in a few words."""


def read_file(path: Path, bytes_max: int) -> bytes:
    """Give what is in a regular file; CannotRead where it is none, is longer, or may not be read."""
    try:
        opened = os.open(path, OPENED)
        try:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise CannotRead("no regular file")
            with open(opened, "rb", closefd=False) as file:
                content = file.read(bytes_max + 1)
        finally:
            os.close(opened)
    except CannotRead:
        raise
    except OSError as error:
        raise CannotRead(why_refused(error)) from None
    if len(content) > bytes_max:
        raise CannotRead(f"longer than {bytes_max} bytes")
    return content


def why_refused(error: OSError) -> str:
    """Say in a few words why the system refused."""
    return (error.strerror or type(error).__name__).lower()
