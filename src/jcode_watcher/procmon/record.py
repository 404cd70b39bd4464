"""The kernel's record, as bpf/record.h lays it out; a contract test proves the two equal."""

from collections.abc import Callable
from enum import IntEnum
from hashlib import sha256
from struct import Struct
from typing import Any, Final, Generic, NamedTuple, TypeVar

Shape = TypeVar("Shape")


class Kind(IntEnum):
    """What a record tells; `enum record_kind`."""

    EXECUTED = 1
    EXITED = 2
    OOM_KILLED = 3
    RUNNING = 4


class Flag(IntEnum):
    """What else is to be known of a record, a bit each; `enum record_flags`.

    No IntFlag, whose `&` took longer than all else in decoding a record.
    """

    OOM_KILLED = 1 << 0
    PID_ONLY = 1 << 1
    EXE_UNREACHABLE = 1 << 2
    CWD_UNREACHABLE = 1 << 3
    EXE_CUT = 1 << 4
    CWD_CUT = 1 << 5
    PINNED = 1 << 6
    MISMATCH = 1 << 7
    BY_HOSTNAME = 1 << 8


class PinState(IntEnum):
    """How certain it is that a cgroup is one container's; `enum pin_state`."""

    UNCONFIRMED = 0
    CONFIRMED = 1
    SHARED = 2


class Head(NamedTuple):
    """How every record begins."""

    size: int
    kind: int
    flags: int
    boot_ns: int
    start_boot_ns: int
    cgroup_id: int
    memory_cgroup_id: int
    container_id: int
    container_hierarchy: int
    pid: int
    ppid: int
    namespace_pid: int
    uid: int
    gid: int
    comm: bytes
    hostname: bytes

    @property
    def container(self) -> "CgroupKey":
        """The pinned cgroup, or the one that would be."""
        return CgroupKey(self.container_id, self.container_hierarchy)


class CgroupKey(NamedTuple):
    """A directory of a hierarchy; 0 is version 2."""

    id: int
    hierarchy: int
    unused: int = 0


class Pin(NamedTuple):
    """Whose a cgroup is, as the kernel remembers it."""

    state: int
    uts_inum: int
    hostname: bytes
    names_bytes: int
    names: bytes
    ran_before: int = 0
    """It was found running, so another name may have been the first."""


class Member(NamedTuple):
    """A process that lives in a cgroup whose pin is not confirmed."""

    cgroup_id: int
    hierarchy: int
    unused: int
    start_boot_ns: int
    pid: int
    ppid: int
    namespace_pid: int
    pid_inum: int
    uts_inum: int
    is_foreign: int
    hostname: bytes

    @property
    def key(self) -> CgroupKey:
        """The cgroup in doubt: its own or one above."""
        return CgroupKey(self.cgroup_id, self.hierarchy)


class Bucket(NamedTuple):
    """What a container may still report."""

    spent_until_ns: int
    suppressed: int


class ExecutedPart(NamedTuple):
    """What follows the head when a program was executed; then its tail: exe, cwd, filename, arguments."""

    argv_total_bytes: int
    argv_bytes: int
    exe_bytes: int
    cwd_bytes: int
    filename_bytes: int
    unused: bytes


class ExitedPart(NamedTuple):
    """What follows the head when a process ended."""

    exec_boot_ns: int
    user_ns: int
    system_ns: int
    runtime_ns: int
    peak_rss_pages: int
    wait_status: int
    unused: int


class OomKilledPart(NamedTuple):
    """What follows the head when the kernel chose a victim."""

    total_vm_pages: int
    anon_rss_pages: int
    file_rss_pages: int
    oom_score_adj: int
    unused: int


class Moment(NamedTuple):
    """When a cgroup was removed."""

    boot_ns: int


class CountersPart(NamedTuple):
    """What one program counted on one CPU; added up in bpf/reading.c."""

    container_id: int
    container_hierarchy: int
    container_unused: int
    wanted: int
    flags: int
    seen: int
    filtered: int
    submitted: int
    dropped_ring_full: int
    rate_limited: int
    argv_unreadable: int
    marks_failed: int
    pins_failed: int


class Layout(Generic[Shape]):
    """Where each field of a C struct lies."""

    def __init__(self, shape: Callable[..., Shape], names: tuple[str, ...], codes: str) -> None:
        self.names = names
        self.codes = codes.split()
        # "=": this machine's byte order, and no padding but what the struct itself spells out.
        self.struct = Struct("=" + codes)
        self.size = self.struct.size
        self._shape = shape

    def read(self, record: bytes, offset: int = 0) -> Shape:
        """Give the fields that lie at `offset`; the caller has checked the length."""
        return self._shape(*self.struct.unpack_from(record, offset))

    def fields(self, offset: int = 0) -> dict[str, tuple[int, int]]:
        """Give each field's offset and size in bytes, for a struct that begins at `offset`."""
        places: dict[str, tuple[int, int]] = {}
        for name, code in zip(self.names, self.codes, strict=True):
            size = Struct("=" + code).size
            places[name] = (offset, size)
            offset += size
        return places


HEAD = Layout(Head, Head._fields, "I H H Q Q Q Q Q I I I I I I 16s 64s")
EXECUTED = Layout(ExecutedPart, ExecutedPart._fields, "Q I H H H 6s")
EXITED = Layout(ExitedPart, ExitedPart._fields, "Q Q Q Q Q I I")
OOM_KILLED = Layout(OomKilledPart, OomKilledPart._fields, "Q Q Q i I")

CGROUP_KEY = Layout(CgroupKey, CgroupKey._fields, "Q I I")
PIN = Layout(Pin, Pin._fields, "I I 64s I 768s I")
BUCKET = Layout(Bucket, Bucket._fields, "Q Q")
MOMENT = Layout(Moment, Moment._fields, "Q")
MEMBER = Layout(Member, Member._fields, "Q I I Q I I I I I I 64s")
COUNTERS = Layout(CountersPart, CountersPart._fields, "Q I I I I Q Q Q Q Q Q Q Q")

PARTS: dict[str, Layout[Any]] = {
    "executed_record": EXECUTED,
    "exited_record": EXITED,
    "oom_killed_record": OOM_KILLED,
}
"""By the C name of the whole record, whose first field is its head."""


def _layout_name() -> str:
    layouts = (HEAD, *PARTS.values(), CGROUP_KEY, PIN, BUCKET, COUNTERS)
    numbers = [
        (name, number.value) for kind in (Kind, Flag, PinState) for name, number in kind.__members__.items()
    ]
    return sha256(repr([*(layout.fields() for layout in layouts), *numbers]).encode()).hexdigest()[:8]


LAYOUT_NAME: Final = _layout_name()
"""Names how all is laid out that is read where another version left it.

A field whose meaning changes takes another name, and then this changes too.
"""
