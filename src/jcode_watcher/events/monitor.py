"""What the monitor says of itself: when it looked, what it missed, who pretended."""

import msgspec

from jcode_watcher.events.moment import Moment
from jcode_watcher.events.process import Count


class IdentityMismatched(msgspec.Struct, frozen=True, kw_only=True):
    """A container claims another hostname than the one it was pinned with."""

    pinned: str
    claimed: str
    pid: Count
    exe: str = ""


class MonitorStarted(msgspec.Struct, frozen=True, kw_only=True):
    """An agent began to look."""

    version: str
    kernel: str
    modes: dict[str, str] = {}
    """Source to mode: `procmon` to `tp_btf`, each watched root to `handles`, ..."""
    passed_over: dict[str, tuple[str, ...]] = {}
    """Why each better mode than the one in use cannot watch, by root: so an operator can mend it."""
    previous_agent: str | None = None
    """The start before this one."""
    previous_seq: Count | None = None
    """The last `seq` that start spooled."""
    found_changed: Count = 0
    """Files that differ from what the start before knew."""


class MonitorStopped(msgspec.Struct, frozen=True, kw_only=True):
    """An agent ended in order."""

    reason: str = ""


class MonitorGap(msgspec.Struct, frozen=True, kw_only=True):
    """Something was not seen or not kept, and this is known."""

    stage: str
    """Where: `kernel`, `drain`, `filemon`, `spool`, `agent` (no agent was running), ..."""
    reason: str
    """`ring_full`, `rate_limited`, `queue_overflow`, `watches_exhausted`, `no_answer`, `save_storm`,
    `workspace_flood`, `late`, `spool_full`, `spool_damaged`, `not_running`, ..."""
    count: Count | None = None
    """How many records; null where nobody can know."""
    hostname: str | None = None
    """The container's, where all that is missing is one container's."""
    since: Moment
    until: Moment


class MonitorHeartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """An agent is alive."""

    counters: dict[str, int] = {}
    lag_ms: Count = 0
    """Age of the oldest event that waits for delivery."""
