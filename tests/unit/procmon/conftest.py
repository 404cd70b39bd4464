"""Records and facts made by hand."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.procmon.bench import Bench

from jcode_watcher.procmon.decode import KernelFact, decode
from jcode_watcher.procmon.record import EXECUTED, EXITED, HEAD, OOM_KILLED, ExecutedPart, Head, Kind

DEFAULT_HEAD = Head(
    size=0,
    kind=Kind.EXECUTED,
    flags=0,
    boot_ns=5_000,
    start_boot_ns=4_000,
    cgroup_id=77,
    memory_cgroup_id=78,
    container_id=0,
    container_hierarchy=0,
    pid=1234,
    ppid=1000,
    namespace_pid=7,
    uid=1001,
    gid=1002,
    comm=b"gcc",
    hostname=b"jcode-os-1-1",
)
EXITED_PART = {
    "exec_boot_ns": 5_000,
    "user_ns": 0,
    "system_ns": 0,
    "runtime_ns": 0,
    "peak_rss_pages": 3,
    "wait_status": 0,
    "unused": 0,
}
OOM_KILLED_PART = {
    "total_vm_pages": 100,
    "anon_rss_pages": 50,
    "file_rss_pages": 2,
    "oom_score_adj": -5,
    "unused": 0,
}


class Records:
    """Makes records as the kernel would; a keyword that a head has goes there."""

    def executed(
        self,
        *,
        exe: bytes = b"gcc\0bin\0usr\0",
        cwd: bytes = b"hw1\0",
        filename: bytes = b"/usr/bin/gcc\0",
        argv: bytes = b"gcc\0a.c\0",
        argv_total_bytes: int | None = None,
        **head: Any,
    ) -> bytes:
        part = ExecutedPart(
            len(argv) if argv_total_bytes is None else argv_total_bytes,
            len(argv),
            len(exe),
            len(cwd),
            len(filename),
            b"",
        )
        return self.whole(Kind.EXECUTED, EXECUTED.struct.pack(*part) + exe + cwd + filename + argv, head)

    def exited(self, **fields: Any) -> bytes:
        part = EXITED_PART | {name: fields.pop(name) for name in EXITED_PART if name in fields}
        return self.whole(Kind.EXITED, EXITED.struct.pack(*part.values()), fields)

    def oom_killed(self, **fields: Any) -> bytes:
        part = OOM_KILLED_PART | {name: fields.pop(name) for name in OOM_KILLED_PART if name in fields}
        return self.whole(Kind.OOM_KILLED, OOM_KILLED.struct.pack(*part.values()), fields)

    def whole(self, kind: int, rest: bytes, head: dict[str, Any]) -> bytes:
        filled = DEFAULT_HEAD._replace(kind=kind, size=HEAD.size + len(rest))._replace(**head)
        return HEAD.struct.pack(*filled) + rest

    def drained(self, *records: bytes) -> bytes:
        """Give records as one drain brings them."""
        return b"".join(
            struct.pack("=Q", len(record)) + record + bytes(-len(record) % 8) for record in records
        )


@pytest.fixture
def records() -> Records:
    return Records()


@pytest.fixture
def fact() -> Callable[[bytes], KernelFact]:
    """Give a function that decodes a record, with the wall clock at CLOCK_BOOTTIME plus a million."""
    return lambda record: decode(record, 1_000_000)


@pytest.fixture
def bench(records: Records) -> Bench:
    return Bench(records)
