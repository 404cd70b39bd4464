"""Disks that a test can fill."""

import errno
import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

IMAGE_BYTES = 16 * 1024 * 1024


@contextmanager
def small_disk_at(folder: Path, size_bytes: int) -> Iterator[Path]:
    """Mount a disk of this size at a folder, made where there is none; skips where that is refused."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def without_births_at(folder: Path) -> Iterator[Path]:
    """Mount a file system that does not know when a file was made, as ext4 with small inodes does not."""
    folder.mkdir()
    image = folder.with_suffix(".image")
    image.touch()
    os.truncate(image, IMAGE_BYTES)
    made = [["mkfs.ext4", "-q", "-I", "128", str(image)], ["mount", "-o", "loop", str(image), str(folder)]]
    if any(subprocess.run(step, capture_output=True, check=False).returncode for step in made):
        pytest.skip("mounting a file system of one's own needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def take_all_room(disk: Path) -> Path:
    """Write what another program might until the disk has nothing left; give its file."""
    taken = disk / "another"
    with taken.open("wb", buffering=0) as file:
        while wrote(file):
            pass
    return taken


def wrote(file: io.FileIO) -> bool:
    """Write a block; tell whether there was room."""
    try:
        return file.write(bytes(4096)) > 0
    except OSError as refused:
        if refused.errno != errno.ENOSPC:
            raise
        return False
