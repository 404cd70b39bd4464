"""What a monitor may be asked for."""

import mmap
from collections.abc import Sequence
from typing import Final, NamedTuple

from jcode_watcher.procmon.errors import BadOption

PREFIXES_MAX: Final = 16
PREFIX_BYTES_MAX: Final = 64
"""A hostname's own limit in Linux."""
ARGV_BYTES_LIMIT: Final = 16384
"""Room for arguments in bpf/path.h."""
RING_BYTES_LIMIT: Final = 1 << 26
"""Locked memory, for as long as the monitor runs."""


BURST_NS: Final = 2_000_000_000
"""What a container may report at once, as the time in which it would report it: less than the ring holds."""
CONTAINER_EXECS_PER_SECOND_LIMIT: Final = 1_000_000


class Options(NamedTuple):
    """What a monitor was asked for, checked."""

    prefixes: Sequence[bytes]
    ring_bytes: int
    argv_bytes_max: int
    event_cost_ns: int = 0
    """What one event takes from its container's allowance; 0 for no limit."""
    burst_ns: int = BURST_NS


def check_prefixes(prefixes: Sequence[str]) -> list[bytes]:
    """Give the prefixes as the kernel compares them; BadOption if it could not."""
    if len(prefixes) > PREFIXES_MAX:
        raise BadOption(f"{len(prefixes)} hostname prefixes; at most {PREFIXES_MAX} can be compared")
    return [_prefix(prefix) for prefix in prefixes]


def _prefix(prefix: str) -> bytes:
    raw = prefix.encode(errors="surrogateescape")
    if not 0 < len(raw) <= PREFIX_BYTES_MAX:
        raise BadOption(
            f"hostname prefix {prefix!r} has {len(raw)} bytes; it must have 1 to {PREFIX_BYTES_MAX}"
        )
    return raw


def check_ring_bytes(ring_bytes: int) -> int:
    """Give the ring's size back; BadOption if the kernel would not make such a ring."""
    is_power_of_two = ring_bytes > 0 and ring_bytes & (ring_bytes - 1) == 0
    if not is_power_of_two or not mmap.PAGESIZE <= ring_bytes <= RING_BYTES_LIMIT:
        raise BadOption(
            f"a ring of {ring_bytes} bytes; "
            f"it must be a power of two from {mmap.PAGESIZE} to {RING_BYTES_LIMIT}"
        )
    return ring_bytes


def check_argv_bytes_max(argv_bytes_max: int) -> int:
    """Give the limit back; BadOption if there is no such room in a record."""
    if not 1 <= argv_bytes_max <= ARGV_BYTES_LIMIT:
        raise BadOption(f"{argv_bytes_max} bytes of arguments; it must be 1 to {ARGV_BYTES_LIMIT}")
    return argv_bytes_max


def event_cost_ns(per_second: int) -> int:
    """Give what one event takes from its container's allowance, 0 for no limit; BadOption if it cannot be."""
    if not 0 <= per_second <= CONTAINER_EXECS_PER_SECOND_LIMIT:
        raise BadOption(
            f"{per_second} execs a second of one container; "
            f"it must be 0 (no limit) to {CONTAINER_EXECS_PER_SECOND_LIMIT}"
        )
    return 1_000_000_000 // per_second if per_second else 0
