"""What can go wrong with the snapshot tree, and who must act; none of it hurts the rest of the agent.

SnapshotError
├── TreeUnusable    the operator: nothing can be written just now; everything waits, within its limit
└── NotWritten      nobody at once: this one version is left out and counted, others are written
"""

import errno
from typing import Final

from jcode_watcher.agent.errors import AgentError

OF_THE_TREE: Final = {
    errno.ENOSPC: "no_space",
    errno.EDQUOT: "no_space",
    errno.EROFS: "read_only",
    errno.EIO: "io_error",
    errno.ESTALE: "io_error",
    errno.ENOTCONN: "io_error",
    errno.ETIMEDOUT: "io_error",
    errno.EMFILE: "no_resources",
    errno.ENFILE: "no_resources",
    errno.ENOMEM: "no_resources",
}
OF_ONE: Final = {
    errno.ELOOP: "not_a_folder",
    errno.ENOTDIR: "not_a_folder",
    errno.EACCES: "refused",
    errno.EPERM: "refused",
    errno.EXDEV: "other_file_system",
}


class SnapshotError(AgentError):
    """Something could not be written into the tree. `reason` is a word for the metrics."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class TreeUnusable(SnapshotError):
    """Nothing can be written at this moment. Who must act: the operator."""


class NotWritten(SnapshotError):
    """One version cannot be written, now or later. Who must act: nobody at once; it is counted."""


def unusable(error: OSError, what: str, reason: str = "unusable") -> TreeUnusable:
    """Say why the whole tree cannot be written; the reason is for an error that says nothing of it itself."""
    return TreeUnusable(OF_THE_TREE.get(error.errno or 0, reason), f"{what}: {error.strerror or error}")


def refused(error: OSError, what: str) -> SnapshotError:
    """Say whether an error speaks of the whole tree, or of one place in it."""
    number = error.errno or 0
    said = f"{what}: {error.strerror or error}"
    if number in OF_THE_TREE:
        return TreeUnusable(OF_THE_TREE[number], said)
    return NotWritten(OF_ONE.get(number, "other"), said)
