"""Files: what happens to the wanted files below a root, told as typed facts with their content.

A mode (`modes/`) hears from the kernel that something changed, the follower finds out what became of which
file, and the outbox hands the facts over.
"""

from jcode_watcher.filemon.counters import Counters
from jcode_watcher.filemon.errors import (
    CannotWatch,
    KernelTooOld,
    ModeNotAvailable,
    NoFileHandles,
    NoSuchRoot,
    NotPrivileged,
)
from jcode_watcher.filemon.facts import Deleted, Fact, FileState, Missed, Moved, Saved
from jcode_watcher.filemon.monitor import FileMonitor, Mode

__all__ = [
    "CannotWatch",
    "Counters",
    "Deleted",
    "Fact",
    "FileMonitor",
    "FileState",
    "KernelTooOld",
    "Missed",
    "Mode",
    "ModeNotAvailable",
    "Moved",
    "NoFileHandles",
    "NoSuchRoot",
    "NotPrivileged",
    "Saved",
]
