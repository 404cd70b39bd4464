"""The disk on which events are safe."""

from collections.abc import Iterator
from typing import Final

from jcode_watcher.doctor.finding import Finding, fail, ok, warn
from jcode_watcher.doctor.machine import Disk, Machine

MIB: Final = 1 << 20
FSYNC_MS_MAX: Final = 50.0
"""The agent commits a few times a second; beyond this its events wait longer than a second under load."""


def check_spool_disk(machine: Machine) -> Iterator[Finding]:
    """Judge what came of really writing there."""
    disk = machine.disk
    if disk is None:
        yield warn("spool disk", "not tried: give --state, the agent's state folder")
    elif disk.refusal:
        yield fail("spool disk", f"{disk.folder} cannot be written ({disk.refusal}); give another --state")
    else:
        yield judge(disk, machine.spool_bytes_max)


def judge(disk: Disk, spool_bytes_max: int) -> Finding:
    """Say whether the spool has room, and what a commit costs."""
    measured = f"{disk.folder}: {disk.free_bytes // MIB} MiB free, fsync {disk.fsync_ms:.1f} ms"
    if disk.free_bytes < spool_bytes_max:
        return warn(
            "spool disk",
            f"{measured}; the spool may reach {spool_bytes_max // MIB} MiB, and is full before: a long "
            "absence of the service loses events the sooner; free some, or lower --spool-bytes-max",
        )
    if disk.fsync_ms > FSYNC_MS_MAX:
        return warn("spool disk", f"{measured}; above {FSYNC_MS_MAX:.0f} ms a busy node's events wait for it")
    return ok("spool disk", measured)
