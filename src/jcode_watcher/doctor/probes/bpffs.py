"""Whether something can be pinned in bpffs."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from jcode_watcher.doctor.probes.mounts import Mount, mounted_as


def refusal_of_pin(mounted: Sequence[Mount]) -> str:
    """Make a folder there and remove it; say why that is not possible, or nothing where it is."""
    mount = mounted_as(mounted, "bpf")
    if mount is None:
        return "not mounted; mount -t bpf bpf /sys/fs/bpf"
    return refusal_of_folder(mount)


def refusal_of_folder(mount: Path) -> str:
    """Say why no folder can be made in it, or nothing."""
    try:
        with tempfile.TemporaryDirectory(prefix="jcode-watcher-doctor-", dir=mount):
            return ""
    except OSError as error:
        return f"{mount}: {error.strerror}; mount it writable and run as root"
