"""What the kernel told, typed. Text is bytes here, as Linux has it; times are nanoseconds.

`time_ns` and `started_ns` are wall clock (since 1970, UTC). `boot_ns` and `start_boot_ns` are the kernel's
CLOCK_BOOTTIME, of which (pid, start_boot_ns) names a process for as long as the machine is up.
"""

from typing import Literal

import msgspec

Identity = Literal["pinned", "hostname", "mismatch", "unknown"]
"""How it is known whose a process is.

`pinned`: its cgroup is one container's, whatever the process calls itself. `mismatch`: so it is, and the
process calls itself otherwise. `hostname`: only the hostname says so, as the cgroup is not one container's
alone. `unknown`: not to be credited to anybody; also where just anyone could have set the hostname.
"""


class Executed(msgspec.Struct, frozen=True, kw_only=True):
    """A process executed a program, or was found running when the monitor began to look."""

    time_ns: int
    boot_ns: int
    pid: int
    started_ns: int
    start_boot_ns: int
    ppid: int
    namespace_pid: int
    uid: int
    gid: int
    comm: bytes
    exe: bytes
    """The executable, as seen from the process's own root."""
    filename: bytes
    """What was given to execve; for a script the script's own path."""
    argv: tuple[bytes, ...]
    argv_truncated: bool
    argv_bytes: int
    """Length of the whole argument area."""
    cwd: bytes
    """As seen from the process's own root."""
    hostname: bytes
    cgroup_id: int
    """Of the v2 hierarchy."""
    memory_cgroup_id: int
    """Of the v1 memory hierarchy where there is one, else as `cgroup_id`."""
    found_running: bool = False
    identity: Identity = "unknown"
    pinned_hostname: bytes = b""
    """Its container's, at first sight; empty unless `identity` is pinned or mismatch."""
    cgroup_path: bytes = b""
    """Of its container, below the hierarchy's root; empty where that is not known."""
    position: int = 0
    """Where its record ends in the ring; 0 where it has none."""
    ring: str = ""
    """Names the ring, where that outlives its process."""


class Exited(msgspec.Struct, frozen=True, kw_only=True):
    """A process ended, with its last thread."""

    time_ns: int
    boot_ns: int
    pid: int
    started_ns: int
    start_boot_ns: int
    ppid: int
    namespace_pid: int
    uid: int
    gid: int
    comm: bytes
    hostname: bytes
    cgroup_id: int
    memory_cgroup_id: int
    exec_boot_ns: int
    """Of its last exec; 0 where none was seen."""
    exit_code: int | None
    """0 to 255; None where a signal ended it."""
    signal: int | None
    core_dumped: bool
    oom_killed: bool
    user_ns: int
    system_ns: int
    peak_rss_bytes: int
    program: Executed | None = None
    """What it was running, where that was seen."""
    identity: Identity = "unknown"
    pinned_hostname: bytes = b""
    """Its container's, at first sight; empty unless `identity` is pinned or mismatch."""
    cgroup_path: bytes = b""
    """Of its container, below the hierarchy's root; empty where that is not known."""
    position: int = 0
    """Where its record ends in the ring; 0 where it has none."""
    ring: str = ""
    """Names the ring, where that outlives its process."""


class OomKilled(msgspec.Struct, frozen=True, kw_only=True):
    """The kernel chose this process to kill, as memory ran out. Every field speaks of the victim."""

    time_ns: int
    boot_ns: int
    pid: int
    started_ns: int
    start_boot_ns: int
    ppid: int
    uid: int
    comm: bytes
    hostname: bytes
    cgroup_id: int
    memory_cgroup_id: int
    total_vm_bytes: int
    anon_rss_bytes: int
    file_rss_bytes: int
    oom_score_adj: int
    program: Executed | None = None
    identity: Identity = "unknown"
    pinned_hostname: bytes = b""
    """Its container's, at first sight; empty unless `identity` is pinned or mismatch."""
    cgroup_path: bytes = b""
    """Of its container, below the hierarchy's root; empty where that is not known."""
    position: int = 0
    """Where its record ends in the ring; 0 where it has none."""
    ring: str = ""
    """Names the ring, where that outlives its process."""


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """Records that were made and never arrived, counted where they were lost."""

    stage: str
    reason: str
    count: int
    since_ns: int
    until_ns: int
    hostname: bytes = b""
    """Whose they were, where all were of one container."""
    cgroup_path: bytes = b""
    counter: str = ""
    """The kernel's counter that grew; empty where the count is not the kernel's."""
    total: int = 0
    """What of that counter has been told with this; less than the counter where more was lost meanwhile."""
    ring: str = ""
    """Names the ring beside which it is counted, where that outlives its process."""


Fact = Executed | Exited | OomKilled | Lost
