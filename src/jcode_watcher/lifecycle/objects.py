"""The JSON objects that travel: their keys, in the order in which they stand in a line."""

from typing import Literal

import msgspec

READY = b'{"type":"READY"}'
"""The first line on stdout: processes are traced and the port is open."""


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A process executed a program or ended. The first seven keys are those of the older monitor."""

    timestamp: int
    """When it happened, in nanoseconds of CLOCK_MONOTONIC."""
    pid: int
    ppid: int
    comm: str
    type: Literal["EXEC", "EXIT", "OOM"]
    exit_code: int = 0
    """The status a shell would show: 0 to 255, or 128 and the signal's number."""
    target_pid: int = 0
    """Of an OOM kill, the victim's."""
    argv: tuple[str, ...] = ()
    argv_truncated: bool = False
    exe: str = ""
    cwd: str = ""
    uid: int
    hostname: str
    duration_ns: int = 0
    """Of an exit: since its latest exec, or since its start where none was seen."""
    signal: str | None = None
    core_dumped: bool = False
    oom_killed: bool = False
    cgroup_id: str
    """A 64-bit number, which JavaScript could not hold."""


class OutOfMemory(Happened, frozen=True, kw_only=True):
    """The kernel chose a victim, of whom every key speaks; its exit follows as an object of its own."""

    total_vm_bytes: int
    anon_rss_bytes: int
    file_rss_bytes: int
    oom_score_adj: int
    memory_cgroup_id: str


class LostOnTheWay(msgspec.Struct, frozen=True, kw_only=True):
    """Events happened and cannot be told; counted where they were lost."""

    type: Literal["LOST"] = "LOST"
    stage: str
    reason: str
    count: int


class MissedByReader(msgspec.Struct, frozen=True, kw_only=True):
    """Stands where one slow reader lost its oldest events; other readers have them."""

    type: Literal["MISSED"] = "MISSED"
    count: int


Told = Happened | LostOnTheWay
