"""Where the programs, their tables and the ring outlive the process: a folder of a bpffs.

In it each set of programs has a folder of its own, whose name says what they are: `<tag>-<layout>-<number>`.
The tag stands for the programs and what they were asked for, the layout for how their records are read.
"""

import errno
import fcntl
import hashlib
import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from jcode_watcher.procmon.errors import CannotPin
from jcode_watcher.procmon.ledger import Ledger
from jcode_watcher.procmon.options import Options
from jcode_watcher.procmon.record import LAYOUT_NAME
from jcode_watcher.procmon.ring import extension

NAME: Final = re.compile(r"(?P<tag>[0-9a-f]{16})(-(?P<layout>[0-9a-f]{8})-[0-9]+)?")
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
RING, PROGRAM, LINK = "map_ring", "program_", "link_"
"""As bpf/pinning.c names them."""


class Pinning(NamedTuple):
    """Where to pin, and who knows what was told."""

    folder: Path
    ledger: Ledger


def taken(folder: Path, is_bpffs: Callable[[Path], bool]) -> int:
    """Make the folder and take it for this process, until the descriptor is closed; CannotPin if refused."""
    if not is_bpffs(folder if folder.exists() else folder.parent):
        raise CannotPin(
            f"cannot pin programs in {folder}: there is no bpffs; "
            f"mount one (mount -t bpf bpf /sys/fs/bpf), or name no folder"
        )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise CannotPin(
            f"cannot pin programs in {folder}: {error.strerror}; give a folder that can be written, or none"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise CannotPin(
            f"cannot pin programs in {folder}: another process uses it; give each a folder of its own"
        ) from None
    return lock


def tag_of(embedded: bytes, options: Options) -> str:
    """Name programs and what they were asked for: with another tag they are others."""
    asked = repr((list(options.prefixes), *options[1:]))
    return hashlib.sha256(embedded + asked.encode()).hexdigest()[:16]


def embedded_programs() -> bytes:
    """Give the programs as this version has them."""
    ffi, lib = extension()
    size = ffi.new("size_t *")
    return bytes(ffi.buffer(lib.monitor_object(size), size[0]))


def is_bpffs(path: Path) -> bool:
    """Say whether pins can lie there."""
    return extension()[1].monitor_is_bpffs(os.fsencode(path)) > 0


def made(folder: Path, tag: str) -> Path:
    """Make a folder for programs, also where others with this tag have theirs; CannotPin if refused."""
    names = (f"{tag}-{LAYOUT_NAME}-{number}" for number in count())
    free = next(path for path in map(folder.joinpath, names) if not path.exists())
    try:
        free.mkdir(mode=0o700)
    except OSError as error:
        raise CannotPin(
            f"cannot pin programs in {free}: {error.strerror}; give a folder that can be written, or none"
        ) from error
    return free


def pinned_in(folder: Path) -> set[Path]:
    """Give the folders in which something is pinned, also by other versions."""
    return {path for path in folder.iterdir() if NAME.fullmatch(path.name)}


def has_tag(pinned: Path, tag: str) -> bool:
    """Say whether these are the programs of that tag."""
    found = NAME.fullmatch(pinned.name)
    return found is not None and found["tag"] == tag


def is_readable(pinned: Path) -> bool:
    """Say whether records and tables are laid out there as this version knows them."""
    found = NAME.fullmatch(pinned.name)
    return found is not None and found["layout"] == LAYOUT_NAME


def is_attached(pinned: Path) -> bool:
    """Say whether each program there that was attached is so still."""
    names = {path.name for path in pinned.iterdir()}
    programs = {name.removeprefix(PROGRAM) for name in names if name.startswith(PROGRAM)}
    return programs == {name.removeprefix(LINK) for name in names if name.startswith(LINK)} != set()


def detach(pinned: Path) -> None:
    """Let what is pinned there hear no more; soon, not at once. What it has heard stays."""
    _unlink(pinned, f"{LINK}*")


def remove(pinned: Path) -> None:
    """Take down what is pinned there: what nobody else holds is detached and forgotten by the kernel."""
    _unlink(pinned, "*")
    try:
        pinned.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotPin(f"cannot take down {pinned}: {error.strerror}; remove it") from error


def ring_in(pinned: Path) -> str | None:
    """Name the ring there, if there is one; the kernel counts rings since it was booted."""
    ffi, lib = extension()
    number = ffi.new("uint32_t *")
    error = lib.monitor_ring_id_at(os.fsencode(pinned / RING), number)
    if error == -errno.EPERM:
        raise CannotPin(f"cannot use {pinned}: {os.strerror(-error)}; run as root or grant CAP_BPF")
    return None if error else f"{BOOT_ID.read_text().strip()} {number[0]}"


def _unlink(pinned: Path, pattern: str) -> None:
    try:
        for path in sorted(pinned.glob(pattern)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotPin(f"cannot take down {pinned}: {error.strerror}; remove it") from error
