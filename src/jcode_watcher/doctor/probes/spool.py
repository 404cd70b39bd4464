"""Really writes where the spool will be."""

import os
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from jcode_watcher.doctor.machine import Disk

WRITES: Final = 5
BYTES: Final = 4096


def try_disk(state: Path) -> Disk:
    """Write and fsync a few blocks in the state folder, or in the nearest folder above it that exists."""
    folder = next(place for place in (state.absolute(), *state.absolute().parents) if place.exists())
    try:
        with tempfile.NamedTemporaryFile(prefix="jcode-watcher-doctor-", dir=folder) as file:
            taken = [write_ms(file.fileno()) for _ in range(WRITES)]
        room = os.statvfs(folder)
    except OSError as error:
        return Disk(folder=folder, refusal=error.strerror or str(error))
    return Disk(folder=folder, free_bytes=room.f_bavail * room.f_frsize, fsync_ms=median(taken))


def write_ms(descriptor: int) -> float:
    """Write one block to the disk itself, and tell how many milliseconds it took."""
    began = perf_counter()
    os.write(descriptor, bytes(BYTES))
    os.fsync(descriptor)
    return (perf_counter() - began) * 1000
