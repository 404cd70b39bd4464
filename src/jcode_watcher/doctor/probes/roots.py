"""Really watches a folder of workspaces in each mode, for a moment."""

import ctypes
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from jcode_watcher.doctor.machine import Root
from jcode_watcher.filemon import CannotWatch, fanotify
from jcode_watcher.filemon.modes import WATCHES
from jcode_watcher.filemon.mounts import filesystem_type

IN_CLOSE_WRITE: Final = 0x8
_libc = ctypes.CDLL(None, use_errno=True)

RESCAN_SECONDS = 60.0
"""Of no account: the mode that is tried hears everything."""


def try_root(root: Path) -> Root:
    """Try every mode; say for each why it does not work, nothing where it does."""
    try:
        real = root.resolve(strict=True)
        with os.scandir(real):
            filesystem = filesystem_type(os.fsencode(real))
    except OSError as error:
        return Root(path=root, refusals=dict.fromkeys(TRIES, error.strerror or str(error)))
    refusals = {mode: refusal_of(attempt, os.fsencode(real)) for mode, attempt in TRIES.items()}
    return Root(path=root, filesystem=filesystem, refusals=refusals)


def refusal_of(attempt: Callable[[bytes], None], root: bytes) -> str:
    """Try it, and say in one line why it failed."""
    try:
        attempt(root)
    except CannotWatch as refusal:
        return str(refusal)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def watch_handles(root: bytes) -> None:
    """Begin as the agent does, and open something by handle, which needs a privilege of its own."""
    watch = WATCHES["handles"](root, RESCAN_SECONDS)
    try:
        os.close(watch.disk.open_folder(watch.disk.root_key))
    finally:
        watch.close()


def watch_descriptors(root: bytes) -> None:
    """Mark the file system for events that bring an open file each: closes and changes, without names."""
    group = fanotify.init(fanotify.CLASS_NOTIF | fanotify.CLOEXEC | fanotify.NONBLOCK)
    try:
        fanotify.mark_filesystem(group, fanotify.CLOSE_WRITE | fanotify.MODIFY, root)
    finally:
        os.close(group)


def watch_inotify(root: bytes) -> None:
    """Watch this one folder, as each folder must be in this mode."""
    descriptor = checked(_libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
    try:
        checked(_libc.inotify_add_watch(descriptor, root, IN_CLOSE_WRITE))
    finally:
        os.close(descriptor)


def checked(result: int) -> int:
    """Give a system call's result, or raise what errno says."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


TRIES: Final[Mapping[str, Callable[[bytes], None]]] = {
    "handles": watch_handles,
    "descriptors": watch_descriptors,
    "inotify": watch_inotify,
}
"""Best first."""
