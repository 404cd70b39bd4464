"""Where the programs, their tables and the ring outlive the process: a folder of a bpffs.

`<folder>/<tag>/`, of which the tag names the programs and what they were asked for. While nobody reads, the
kernel goes on recording; who comes next with the same tag takes it up.
"""

import errno
import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from jcode_watcher.procmon.errors import CannotPin, CannotTrace
from jcode_watcher.procmon.kernel import Kernel, extension
from jcode_watcher.procmon.options import Options

TAG: Final = re.compile(r"[0-9a-f]{16}")
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
RING: Final = "map_ring"
"""As bpf/pinning.c names it."""


class Progress(NamedTuple):
    """How far an earlier process told of a ring."""

    position: int
    """Where its records begin that were not told."""
    told: Mapping[str, int]
    """What was told of losses, by the facts' counter."""
    since_ns: int
    """Wall time after which losses may not have been told."""


class Ledger(Protocol):
    """Remembers what was told, for longer than a process lives."""

    def progress(self, ring: str) -> Progress | None:
        """Give how far a ring was told; None where not all that was read of it is known to be told."""

    def begin(self, ring: str) -> None:
        """Remember from now on what is told of this ring, and forget the others."""


class Pinning(NamedTuple):
    """Where to pin, and who knows what was told."""

    folder: Path
    ledger: Ledger


class Resumed(NamedTuple):
    """Programs that are attached, and what was told of their ring before; None where it is new."""

    kernel: Kernel
    progress: Progress | None
    lock: int
    """A descriptor; the folder is another's once it is closed."""


def attached(options: Options, pinning: Pinning) -> Resumed:
    """Take up what is pinned, or begin anew, and attach; CannotTrace if that is refused."""
    ffi, lib = extension()
    size = ffi.new("size_t *")
    embedded = bytes(ffi.buffer(lib.monitor_object(size), size[0]))
    folder = pinning.folder
    lock = taken(folder, lambda path: lib.monitor_is_bpffs(os.fsencode(path)) > 0)
    try:
        tagged = folder / tag_of(embedded, options)
        resumed = _resumed(options, tagged, pinning.ledger)
        kernel, progress = resumed or (_begun(options, tagged), None)
        try:
            _attach(kernel, tagged, pinning)
        except BaseException:
            kernel.close()
            raise
    except BaseException:
        os.close(lock)
        raise
    return Resumed(kernel, progress, lock)


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


def name_of(ring_id: int) -> str:
    """Name a ring; the kernel counts rings since it was booted."""
    return f"{BOOT_ID.read_text().strip()} {ring_id}"


def tagged_in(folder: Path) -> set[Path]:
    """Give the folders in which something is pinned."""
    return {path for path in folder.iterdir() if TAG.fullmatch(path.name)}


def remove(tagged: Path) -> None:
    """Take down what is pinned there: what nobody else holds is detached and forgotten by the kernel."""
    try:
        for path in sorted(tagged.iterdir()):
            path.unlink()
        tagged.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotPin(f"cannot take down {tagged}: {error.strerror}; remove it") from error


def _resumed(options: Options, tagged: Path, ledger: Ledger) -> tuple[Kernel, Progress] | None:
    """Take up what is pinned, if all of it is there, and the ledger knows what was told of it."""
    ring = _ring_in(tagged)
    progress = ledger.progress(ring) if ring else None
    if progress is None:
        return None
    try:
        kernel = Kernel(options, tagged)
    except CannotTrace:
        # What lies there is no use; if no programs can be loaded at all, beginning anew will say so.
        return None
    if kernel.resumed and kernel.begin_at(progress.position):
        return kernel, progress
    kernel.close()
    return None


def _attach(kernel: Kernel, tagged: Path, pinning: Pinning) -> None:
    """Attach, and only then take down what else is pinned: until these look, the others did."""
    kernel.attach()
    ring = _ring_in(tagged)
    if ring is None:
        raise CannotPin(f"cannot pin programs in {tagged}: somebody removed it; start again")
    pinning.ledger.begin(ring)
    for other in tagged_in(pinning.folder) - {tagged}:
        remove(other)


def _begun(options: Options, tagged: Path) -> Kernel:
    remove(tagged)
    try:
        tagged.mkdir(mode=0o700)
    except OSError as error:
        raise CannotPin(
            f"cannot pin programs in {tagged}: {error.strerror}; give a folder that can be written, or none"
        ) from error
    return Kernel(options, tagged)


def _ring_in(tagged: Path) -> str | None:
    ffi, lib = extension()
    number = ffi.new("uint32_t *")
    error = lib.monitor_ring_id_at(os.fsencode(tagged / RING), number)
    if error == -errno.EPERM:
        raise CannotPin(f"cannot use {tagged}: {os.strerror(-error)}; run as root or grant CAP_BPF")
    return None if error else name_of(number[0])
