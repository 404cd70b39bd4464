"""What a path is mounted from: for messages that say which file system refused."""

import os
from pathlib import Path


def filesystem_type(path: bytes) -> str:
    """Give the type of the file system that holds `path`, as /proc/self/mountinfo has it, or `unknown`."""
    device = Path(os.fsdecode(path)).stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    with Path("/proc/self/mountinfo").open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            mount, _, source = line.partition(" - ")
            if mount.split()[2] == wanted:
                return source.split()[0]
    return "unknown"
