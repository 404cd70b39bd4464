"""What happens to processes."""

from typing import Annotated

import msgspec

from jcode_watcher.events.activity import Activity
from jcode_watcher.events.moment import Moment

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """Who the process is. A pid means a process only together with its start time."""

    pid: Count
    started: Moment
    """When the process began (not its latest exec)."""
    ppid: Count = 0
    namespace_pid: Count = 0
    """Its pid as seen inside its container."""
    uid: Count = 0
    comm: str = ""
    exe: str = ""
    """The executable, as seen in the container."""
    argv: tuple[str, ...] = ()
    argv_truncated: bool = False
    argv_bytes: Count = 0
    """Length of the whole argument area in bytes, also where it was truncated."""
    cwd: str = ""
    hostname: str = ""
    cgroup_id: str = ""
    """64-bit decimal number."""
    activity: Activity | None = None


class ProcessStarted(Process, frozen=True, kw_only=True):
    """A process executed a program."""


class ProcessExited(Process, frozen=True, kw_only=True):
    """A process ended, with its last thread."""

    duration_us: Count = 0
    """From its last exec; from its start where it never executed."""
    exit_code: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    """Null where a signal ended it."""
    signal: str | None = None
    """`SIGSEGV`, ...; null where it exited by itself."""
    core_dumped: bool = False
    oom_killed: bool = False
    user_us: Count = 0
    system_us: Count = 0
    peak_rss_bytes: Count = 0


class ProcessOomKilled(msgspec.Struct, frozen=True, kw_only=True):
    """The kernel chose a process to kill, as memory ran out. Every field speaks of the victim."""

    pid: Count
    comm: str
    started: Moment | None = None
    uid: Count = 0
    hostname: str = ""
    total_vm_bytes: Count = 0
    anon_rss_bytes: Count = 0
    file_rss_bytes: Count = 0
    oom_score_adj: int = 0
    memory_cgroup_id: str = ""
    """64-bit decimal number."""
    argv: tuple[str, ...] = ()
    exe: str = ""
    activity: Activity | None = None
