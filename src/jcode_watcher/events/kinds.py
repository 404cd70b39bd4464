"""Every kind and its body. A kind is never re-used with another meaning."""

from typing import Final

from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved
from jcode_watcher.events.monitor import (
    IdentityMismatched,
    MonitorGap,
    MonitorHeartbeat,
    MonitorStarted,
    MonitorStopped,
)
from jcode_watcher.events.notebook import CellExecuted
from jcode_watcher.events.process import ProcessExited, ProcessOomKilled, ProcessStarted

Body = (
    ProcessStarted
    | ProcessExited
    | ProcessOomKilled
    | FileSaved
    | FileDeleted
    | FileMoved
    | CellExecuted
    | IdentityMismatched
    | MonitorStarted
    | MonitorStopped
    | MonitorGap
    | MonitorHeartbeat
)

BODIES: Final[dict[str, type[Body]]] = {
    "process.started": ProcessStarted,
    "process.exited": ProcessExited,
    "process.oom_killed": ProcessOomKilled,
    "file.saved": FileSaved,
    "file.deleted": FileDeleted,
    "file.moved": FileMoved,
    "cell.executed": CellExecuted,
    "identity.mismatched": IdentityMismatched,
    "monitor.started": MonitorStarted,
    "monitor.stopped": MonitorStopped,
    "monitor.gap": MonitorGap,
    "monitor.heartbeat": MonitorHeartbeat,
}

KINDS: Final = {body: kind for kind, body in BODIES.items()}


def kind_of(body: Body) -> str:
    """Name the kind whose body this is."""
    return KINDS[type(body)]
