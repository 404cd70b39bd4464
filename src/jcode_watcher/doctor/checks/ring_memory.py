"""Memory for the ring buffer."""

from collections.abc import Iterator
from typing import Final

from jcode_watcher.doctor.finding import Finding, fail, ok, warn
from jcode_watcher.doctor.machine import Machine
from jcode_watcher.procmon.monitor import RING_BYTES
from jcode_watcher.procmon.privilege import version_of

MIB: Final = 1 << 20
COMFORT_BYTES: Final = 128 * MIB
"""What a busy agent takes, with its ring."""
ACCOUNTED_SINCE: Final = (5, 11)
"""From here on BPF memory counts to the memory cgroup; before, to RLIMIT_MEMLOCK."""


def check_ring_memory(machine: Machine) -> Iterator[Finding]:
    """Judge whether the ring fits."""
    free, ring = machine.memory_free_bytes, RING_BYTES
    locked = machine.locked_bytes_max
    if free < ring:
        yield fail(
            "ring memory",
            f"{free // MIB} MiB free, the ring takes {ring // MIB}; free some, or raise the limit",
        )
    elif version_of(machine.release) < ACCOUNTED_SINCE and 0 <= locked < 2 * ring:
        yield fail(
            "ring memory", f"this kernel takes it from RLIMIT_MEMLOCK, {locked} bytes; ulimit -l unlimited"
        )
    elif free < COMFORT_BYTES:
        yield warn(
            "ring memory",
            f"{free // MIB} MiB free: enough for the ring ({ring // MIB} MiB), but a busy agent takes "
            f"{COMFORT_BYTES // MIB}; raise the memory limit",
        )
    else:
        yield ok("ring memory", f"{ring // MIB} MiB of {free // MIB} MiB free")
