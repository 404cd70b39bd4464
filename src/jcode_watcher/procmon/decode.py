"""From the kernel's bytes to facts. Pure: no clock, no file, no kernel."""

import resource
from collections.abc import Callable, Iterator
from struct import Struct
from typing import TypedDict

from jcode_watcher.procmon.cgroups import NOWHERE, Container
from jcode_watcher.procmon.errors import BadRecord
from jcode_watcher.procmon.facts import Executed, Exited, Identity, OomKilled
from jcode_watcher.procmon.record import EXECUTED, EXITED, HEAD, OOM_KILLED, Flag, Head, Kind

KernelFact = Executed | Exited | OomKilled
ContainerOf = Callable[[Head], Container]
"""Gives the container in which a record was made."""
LENGTH = Struct("=Q")
PAGE_BYTES = resource.getpagesize()
UNREACHABLE = b"(unreachable)"
"""Before a path outside the process's root, as getcwd() in the kernel says it."""
CUT = b"..."
"""Before a path whose beginning was too far away."""


def split(drained: bytes) -> Iterator[bytes]:
    """Give each record of what was drained; every one lies after its length, padded to 8 bytes."""
    at = 0
    while at < len(drained):
        (length,) = LENGTH.unpack_from(drained, at)
        at += LENGTH.size
        yield drained[at : at + length]
        at += padded(length)


def padded(length: int) -> int:
    """Give the room that so many bytes take."""
    return -(-length // 8) * 8


class Placed(TypedDict):
    """The fields of a fact that tell whose it is."""

    identity: Identity
    pinned_hostname: bytes
    cgroup_path: bytes
    position: int
    ring: str


def in_no_container(head: Head) -> Container:
    """Say of every record that its container is not known."""
    del head
    return NOWHERE


def decode(
    record: bytes,
    wall_offset_ns: int,
    container_of: ContainerOf = in_no_container,
    position: int = 0,
    ring: str = "",
) -> KernelFact:
    """Give the fact of a record that ends at `position` of the ring of that name; BadRecord if refused.

    `wall_offset_ns` is wall clock minus CLOCK_BOOTTIME.
    """
    head = head_of(record)
    where = placed(head, container_of(head), position, ring)
    if head.kind == Kind.EXECUTED:
        return _executed(head, record, wall_offset_ns, where)
    if head.kind == Kind.EXITED:
        return _exited(head, record, wall_offset_ns, where)
    if head.kind == Kind.OOM_KILLED:
        return _oom_killed(head, record, wall_offset_ns, where)
    raise BadRecord(f"kind {head.kind} of a record is not known")


def head_of(record: bytes) -> Head:
    """Give the head of a record whose length is what it says itself; else BadRecord."""
    if len(record) < HEAD.size:
        raise BadRecord(f"{len(record)} bytes are less than a record's head ({HEAD.size})")
    head = HEAD.read(record)
    if head.size != len(record):
        raise BadRecord(f"a record of {len(record)} bytes says it has {head.size}")
    return head


def text(padded: bytes) -> bytes:
    """Give what stands before the first NUL."""
    return padded.partition(b"\0")[0]


def argv_of(area: bytes) -> tuple[bytes, ...]:
    """Split an argument area as it lies in memory; the last argument may be cut."""
    return tuple(area.removesuffix(b"\0").split(b"\0")) if area else ()


def exit_of(wait_status: int) -> tuple[int | None, int | None, bool]:
    """Give exit code, signal and core flag of a wait status; one of the first two is None."""
    signal = wait_status & 0x7F
    if signal:
        return None, signal, bool(wait_status & 0x80)
    return wait_status >> 8 & 0xFF, None, False


def cpu_time_of(user_ns: int, system_ns: int, runtime_ns: int) -> tuple[int, int]:
    """Divide the measured run time as the sampled times stand to each other (cputime_adjust() in Linux)."""
    if not system_ns:
        return runtime_ns, 0
    if not user_ns:
        return 0, runtime_ns
    system = runtime_ns * system_ns // (user_ns + system_ns)
    return runtime_ns - system, system


def placed(head: Head, container: Container, position: int = 0, ring: str = "") -> Placed:
    """Tell whose a process is, for the fields of a fact."""
    is_pinned = bool(head.flags & Flag.PINNED)
    return Placed(
        identity=identity_of(head.flags),
        pinned_hostname=container.hostname if is_pinned else b"",
        cgroup_path=container.path,
        position=position,
        ring=ring,
    )


def identity_of(flags: int) -> Identity:
    """Read what the kernel found of a process's hostname and cgroup."""
    if flags & Flag.MISMATCH:
        return "mismatch"
    if flags & Flag.PINNED:
        return "pinned"
    return "hostname" if flags & Flag.BY_HOSTNAME else "unknown"


def _executed(head: Head, record: bytes, wall_offset_ns: int, where: Placed) -> Executed:
    tail = HEAD.size + EXECUTED.size
    if len(record) < tail:
        raise BadRecord(f"{len(record)} bytes are less than a record of an exec ({tail})")
    part = EXECUTED.read(record, HEAD.size)
    cwd = tail + part.exe_bytes
    filename = cwd + part.cwd_bytes
    argv = filename + part.filename_bytes
    if len(record) != argv + part.argv_bytes:
        raise BadRecord(f"a record of {len(record)} bytes has a tail that ends at {argv + part.argv_bytes}")
    return Executed(
        time_ns=head.boot_ns + wall_offset_ns,
        boot_ns=head.boot_ns,
        pid=head.pid,
        started_ns=head.start_boot_ns + wall_offset_ns,
        start_boot_ns=head.start_boot_ns,
        ppid=head.ppid,
        namespace_pid=head.namespace_pid,
        uid=head.uid,
        gid=head.gid,
        comm=text(head.comm),
        exe=_path(record[tail:cwd], head.flags & Flag.EXE_CUT, head.flags & Flag.EXE_UNREACHABLE),
        filename=text(record[filename:argv]),
        argv=argv_of(record[argv:]),
        argv_truncated=part.argv_bytes < part.argv_total_bytes,
        argv_bytes=part.argv_total_bytes,
        cwd=_path(record[cwd:filename], head.flags & Flag.CWD_CUT, head.flags & Flag.CWD_UNREACHABLE),
        hostname=text(head.hostname),
        cgroup_id=head.cgroup_id,
        memory_cgroup_id=head.memory_cgroup_id,
        **where,
    )


def _path(names: bytes, cut: int, unreachable: int) -> bytes:
    """Put names that come leaf first, each with its NUL, into the order in which they are read."""
    path = b"/" + b"/".join(reversed(names.removesuffix(b"\0").split(b"\0")))
    if cut:
        return CUT + path
    return UNREACHABLE + path if unreachable else path


def _exited(head: Head, record: bytes, wall_offset_ns: int, where: Placed) -> Exited:
    _expect(len(record), HEAD.size + EXITED.size, "exit")
    part = EXITED.read(record, HEAD.size)
    exit_code, signal, core_dumped = exit_of(part.wait_status)
    user_ns, system_ns = cpu_time_of(part.user_ns, part.system_ns, part.runtime_ns)
    return Exited(
        time_ns=head.boot_ns + wall_offset_ns,
        boot_ns=head.boot_ns,
        pid=head.pid,
        started_ns=head.start_boot_ns + wall_offset_ns,
        start_boot_ns=head.start_boot_ns,
        ppid=head.ppid,
        namespace_pid=head.namespace_pid,
        uid=head.uid,
        gid=head.gid,
        comm=text(head.comm),
        hostname=text(head.hostname),
        cgroup_id=head.cgroup_id,
        memory_cgroup_id=head.memory_cgroup_id,
        **where,
        exec_boot_ns=part.exec_boot_ns,
        exit_code=exit_code,
        signal=signal,
        core_dumped=core_dumped,
        oom_killed=bool(head.flags & Flag.OOM_KILLED),
        user_ns=user_ns,
        system_ns=system_ns,
        peak_rss_bytes=part.peak_rss_pages * PAGE_BYTES,
    )


def _oom_killed(head: Head, record: bytes, wall_offset_ns: int, where: Placed) -> OomKilled:
    _expect(len(record), HEAD.size + OOM_KILLED.size, "out-of-memory kill")
    part = OOM_KILLED.read(record, HEAD.size)
    known = not head.flags & Flag.PID_ONLY
    return OomKilled(
        time_ns=head.boot_ns + wall_offset_ns,
        boot_ns=head.boot_ns,
        pid=head.pid,
        started_ns=head.start_boot_ns + wall_offset_ns if known else 0,
        start_boot_ns=head.start_boot_ns,
        ppid=head.ppid,
        uid=head.uid,
        comm=text(head.comm),
        hostname=text(head.hostname),
        cgroup_id=head.cgroup_id,
        memory_cgroup_id=head.memory_cgroup_id,
        **where,
        total_vm_bytes=part.total_vm_pages * PAGE_BYTES,
        anon_rss_bytes=part.anon_rss_pages * PAGE_BYTES,
        file_rss_bytes=part.file_rss_pages * PAGE_BYTES,
        oom_score_adj=part.oom_score_adj,
    )


def _expect(length: int, expected: int, what: str) -> None:
    if length != expected:
        raise BadRecord(f"a record of an {what} has {length} bytes, not {expected}")
