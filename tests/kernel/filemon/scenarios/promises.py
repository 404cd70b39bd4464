"""What every Python script here begins with: `script WORKSPACE OUTSIDE`.

Prints, tab-separated, what a watcher of WORKSPACE must have told in the end.
"""

import hashlib
import os
import sys
import time
from pathlib import Path

WORKSPACE, OUTSIDE = Path(sys.argv[1]), Path(sys.argv[2])
PAUSE_SECONDS = 0.1
"""Versions that are less than this apart are nobody's promise."""
os.chdir(WORKSPACE)


def say(*words: str) -> None:
    print(*words, sep="\t", flush=True)


def kept(path: str, content: bytes) -> None:
    """This version is complete now, and must be kept."""
    say("V", path, hashlib.sha256(content).hexdigest())


def deleted(path: str) -> None:
    say("D", path)


def moved(path: str, destination: str) -> None:
    say("M", path, destination)


def never(path: str) -> None:
    say("N", path)


def save(path: str, content: bytes) -> None:
    """Save as most programs do: truncate, write, close."""
    Path(path).write_bytes(content)
    kept(path, content)


def pause(seconds: float = PAUSE_SECONDS) -> None:
    time.sleep(seconds)


def give_name(fd: int, path: str | Path) -> None:
    """Link an open file without a name, as O_TMPFILE makes it, to one."""
    folder = os.open(Path(path).parent, os.O_PATH)
    # With a folder given, Python calls linkat(2) and lets it follow the link in /proc.
    os.link(f"/proc/self/fd/{fd}", Path(path).name, dst_dir_fd=folder, follow_symlinks=True)
    os.close(folder)
