"""The kernel's record, as bpf/record.h lays it out; a contract test proves the two equal."""

from collections.abc import Callable
from enum import IntEnum, IntFlag
from struct import Struct
from typing import Any, Generic, NamedTuple, TypeVar

Shape = TypeVar("Shape")


class Kind(IntEnum):
    """What a record tells; `enum record_kind`."""

    EXECUTED = 1
    EXITED = 2
    OOM_KILLED = 3
    RUNNING = 4


class Flag(IntFlag):
    """What else is to be known of a record; `enum record_flags`."""

    OOM_KILLED = 1 << 0
    PID_ONLY = 1 << 1
    EXE_UNREACHABLE = 1 << 2
    CWD_UNREACHABLE = 1 << 3
    EXE_CUT = 1 << 4
    CWD_CUT = 1 << 5


class Head(NamedTuple):
    """How every record begins."""

    size: int
    kind: int
    flags: int
    boot_ns: int
    start_boot_ns: int
    cgroup_id: int
    memory_cgroup_id: int
    pid: int
    ppid: int
    namespace_pid: int
    uid: int
    gid: int
    unused: int
    comm: bytes
    hostname: bytes


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


HEAD = Layout(Head, Head._fields, "I H H Q Q Q Q I I I I I I 16s 64s")
EXECUTED = Layout(ExecutedPart, ExecutedPart._fields, "Q I H H H 6s")
EXITED = Layout(ExitedPart, ExitedPart._fields, "Q Q Q Q Q I I")
OOM_KILLED = Layout(OomKilledPart, OomKilledPart._fields, "Q Q Q i I")

PARTS: dict[str, Layout[Any]] = {
    "executed_record": EXECUTED,
    "exited_record": EXITED,
    "oom_killed_record": OOM_KILLED,
}
"""By the C name of the whole record, whose first field is its head."""
