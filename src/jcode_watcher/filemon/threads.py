"""Whether a process is at work: one that sleeps is not amid opening a file (proc_pid_stat(5))."""

import os
from itertools import islice
from typing import Final

THREADS_MAX: Final = 64
"""Threads that are looked at; of a process with more nobody can say quickly."""
AT_WORK: Final = (b"R", b"D")
"""Running, or waiting for a processor; waiting for a disk."""


def is_at_work(pid: int) -> bool:
    """Tell whether some thread of a process is at work, as far as anybody can say; False where it is gone."""
    try:
        with os.scandir(f"/proc/{pid}/task") as threads:
            seen = list(islice(threads, THREADS_MAX + 1))
    except OSError:
        return False
    return len(seen) > THREADS_MAX or any(_state(thread.path) in AT_WORK for thread in seen)


def _state(thread: str) -> bytes:
    try:
        with open(f"{thread}/stat", "rb") as file:  # noqa: PTH123 - the quickest way
            stat = file.read()
    except OSError:
        return b""
    # Its name stands in brackets before, and may hold any character.
    return stat.rpartition(b") ")[2][:1]
