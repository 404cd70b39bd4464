"""Every record, counted at each stage of its way."""

import msgspec


class KernelCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What the programs in the kernel counted since loading: seen = filtered + submitted + dropped."""

    seen: int = 0
    """Execs, ends of processes (not of threads; not of kernel threads) and out-of-memory victims."""
    filtered: int = 0
    """Of other hostnames."""
    submitted: int = 0
    dropped_ring_full: int = 0
    rate_limited: int = 0
    """Of containers that had spent their allowance."""
    argv_unreadable: int = 0
    """Execs whose arguments could not be read; submitted without them."""
    marks_failed: int = 0
    """Processes of which the kernel remembers nothing, as its table is full: their ends are told by their
    hostname or cgroup alone."""
    pins_failed: int = 0
    """Containers that are known by their hostname only, as the kernel's table is full."""
    missed: int = 0
    """Times the kernel did not run a program as it was running on that CPU already; not part of `seen`."""


class Counters(KernelCounts, frozen=True, kw_only=True):
    """The kernel's counts and ours: submitted = received + still in ring; received = decoded + refused."""

    received: int = 0
    refused: int = 0
    """Records whose bytes made no sense."""
    decoded: int = 0
    unmatched: int = 0
    """Victims of which an older kernel told only the pid, and which are not of a wanted hostname."""
    delivered: int = 0
    """decoded - unmatched, once `deliver` has returned; without those found running and without `Lost`."""
    found_running: int = 0
    programs: int = 0
    """Processes whose program is remembered now."""
    programs_forgotten: int = 0
    """Given up at the limit."""

    @property
    def dropped(self) -> int:
        """What was seen, wanted, and could not be submitted."""
        return self.dropped_ring_full + self.rate_limited
