"""Looks, before anything is watched, whether something can come of the settings."""

import os
import stat
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final

import structlog

from jcode_watcher.agent.delivery.token import read_token
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.settings import BadSetting, CannotRead, as_text, why_refused

LOG = structlog.get_logger()

NO_FOLDER: Final = "no folder"
STATE_DISK_BYTES_MIN: Final = 16 * 1024 * 1024
Named = tuple[str, Path]
"""The flag of a folder, and where it is."""


def check(settings: AgentSettings) -> None:
    """BadSetting for what cannot work, or would do harm."""
    try:
        read_token(settings.token_file)
    except CannotRead as error:
        raise BadSetting(str(error)) from None
    for root in settings.root:
        if trouble := trouble_with(root):
            raise BadSetting(f"--root {as_text(root)}: {trouble}; give the folder that holds the workspaces")
    # Where these are absent, the state is made, and the snapshots' folder may be mounted later.
    if trouble_with(settings.state) == NO_FOLDER:
        raise BadSetting(
            f"--state {as_text(settings.state)}: {NO_FOLDER}; give one, or where one can be made"
        )
    check_disk(settings.state)
    if settings.snapshots and trouble_with(settings.snapshots) == NO_FOLDER:
        raise BadSetting(
            f"--snapshots {as_text(settings.snapshots)}: {NO_FOLDER}; give one, or where one comes to be"
        )
    check_apart(list(folders_of(settings)))
    if settings.filemon and not (settings.root or settings.procmon):
        raise BadSetting(
            "--root: missing, and without processes nothing is watched; give the folder of the workspaces"
        )


def warn(settings: AgentSettings) -> None:
    """Say what may be meant otherwise, or work only later."""
    if not settings.filemon and not settings.procmon:
        LOG.warning("nothing is watched, as both monitors are off")
    if settings.filemon and not settings.root:
        LOG.warning("no file is watched, as no --root is given")
    if settings.snapshots and (trouble := trouble_with(settings.snapshots) or refusal_of(settings.snapshots)):
        LOG.warning(
            "nothing can be written into --snapshots yet", folder=str(settings.snapshots), reason=trouble
        )


def trouble_with(folder: Path) -> str | None:
    """Say why there is no folder; None where there is one."""
    try:
        return None if stat.S_ISDIR(folder.stat().st_mode) else NO_FOLDER
    except OSError as error:
        return why_refused(error)


def refusal_of(folder: Path) -> str | None:
    """Say that we may not write in a folder; None where we may."""
    is_open = os.access(folder, os.W_OK | os.X_OK, effective_ids=True)
    return None if is_open else "cannot be written"


def folders_of(settings: AgentSettings) -> Iterator[Named]:
    """Give the folders that the agent watches or writes."""
    yield from (("--root", root) for root in settings.root)
    yield "--state", settings.state
    if settings.snapshots:
        yield "--snapshots", settings.snapshots


def check_disk(state: Path) -> None:
    """Refuse a disk so small that the spool, once it is full, has no room to empty itself."""
    at = state.absolute()
    disk = os.statvfs(next(folder for folder in (at, *at.parents) if folder.exists()))
    disk_bytes = disk.f_blocks * disk.f_frsize
    # A file system without a limit of its own may say 0.
    if 0 < disk_bytes < STATE_DISK_BYTES_MIN:
        raise BadSetting(
            f"--state {as_text(state)}: on a disk of {disk_bytes} bytes; "
            f"give one of {STATE_DISK_BYTES_MIN} at least"
        )


def check_apart(folders: Sequence[Named]) -> None:
    """Refuse one folder that lies in another, also by way of symbolic links.

    What the agent writes below a root would be seen as a save, and make the next one; what lies below two
    roots would be told twice; the state is the agent's alone.
    """
    placed = [(f"{flag} {as_text(path)}", Path(os.path.realpath(path))) for flag, path in folders]
    for (one, at), (other, place) in combinations(placed, 2):
        if at == place:
            raise BadSetting(f"{one}: the same folder as {other}; give two, side by side")
        inner, outer = (one, other) if at.is_relative_to(place) else (other, one)
        if at.is_relative_to(place) or place.is_relative_to(at):
            raise BadSetting(f"{inner}: lies in {outer}; give a folder outside")
