"""Really watches a folder of workspaces in each mode, for a moment."""

import os
from pathlib import Path

from jcode_watcher.doctor.machine import Root
from jcode_watcher.filemon import CannotWatch
from jcode_watcher.filemon.modes import WATCHES
from jcode_watcher.filemon.mounts import filesystem_type
from jcode_watcher.filemon.ports import Pauses

PAUSES = Pauses(60.0, 60.0)
"""Of no account: nothing is watched for so long."""


def try_root(root: Path) -> Root:
    """Try every mode; say for each why it does not work, nothing where it does."""
    try:
        real = root.resolve(strict=True)
        with os.scandir(real):
            filesystem = filesystem_type(os.fsencode(real))
    except OSError as error:
        return Root(path=root, refusals=dict.fromkeys(WATCHES, error.strerror or str(error)))
    refusals = {mode: refusal_of(mode, os.fsencode(real)) for mode in WATCHES}
    return Root(path=root, filesystem=filesystem, refusals=refusals)


def refusal_of(mode: str, root: bytes) -> str:
    """Begin as the agent does; say in one line why that fails."""
    try:
        watch_once(mode, root)
    except CannotWatch as refusal:
        return str(refusal)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def watch_once(mode: str, root: bytes) -> None:
    """Watch a root, and open its folder in the mode's own way, which may need a privilege of its own."""
    watch = WATCHES[mode](root, PAUSES)
    try:
        os.close(watch.disk.open_folder(watch.disk.root_key))
    finally:
        watch.close()
