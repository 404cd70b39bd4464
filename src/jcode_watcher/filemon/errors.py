"""What can refuse to watch files, and who must act; and what is waited for.

CannotWatch
├── NoSuchRoot         the operator: the folder to watch is not there or is no folder
├── NotPrivileged      the operator: a capability is missing
├── KernelTooOld       the operator: the kernel lacks fanotify with names (5.17)
├── NoFileHandles      the operator: the file system cannot be watched in this mode
└── ModeNotAvailable   the operator: this version knows no such mode

Unanswered             nobody: the file system is asked again until it answers
"""

FANOTIFY_REFUSED = "fanotify is not permitted; the process needs CAP_SYS_ADMIN in the host's user namespace"


class CannotWatch(Exception):
    """Files below a root cannot be watched; the message is one line. Who must act: the operator."""

    exit_status = 3


class NoSuchRoot(CannotWatch):
    """The folder to watch is missing or is no folder."""


class NotPrivileged(CannotWatch):
    """The process lacks a capability."""


class KernelTooOld(CannotWatch):
    """The kernel lacks what the mode needs."""


class NoFileHandles(CannotWatch):
    """The file system gives no file handles, or no events with names."""


class ModeNotAvailable(CannotWatch):
    """No such way of watching is built into this version."""


def why_ended(error: BaseException) -> str:
    """Say why a root is watched no more: a refusal in its own words, what nobody expected with its class."""
    return str(error) if hasattr(error, "exit_status") else repr(error)


class Unanswered(Exception):
    """A file system as a whole does not answer: nobody can say what is there, or that anything is gone."""
