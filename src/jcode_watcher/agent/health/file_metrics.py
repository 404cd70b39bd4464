"""The metrics of file watching, by root and by the mode in which it is watched."""

from collections.abc import Callable, Iterable
from time import time_ns
from typing import Final

from jcode_watcher.agent.health.metrics import Metrics, Read
from jcode_watcher.agent.intake.capture import WatchedRoot

ROOT_LABELS: Final = ("root", "mode")
NS_A_SECOND: Final = 1e9

COUNTERS: Final = {
    "heard": ("file_changes", "Changes heard of, on the root's whole file system"),
    "saved": ("file_versions", "Versions told, with content or without"),
    "deleted": ("file_deletions", "Deletions told"),
    "moved": ("file_moves", "Moves told"),
    "content_bytes": ("file_content_bytes", "Content told with the versions"),
    "missed": ("file_gaps", "Gaps told, for whatever reason"),
    "floods": ("file_floods", "Times a workspace brought more than others can wait for; a gap, a comparison"),
    "read_early": ("file_read_early", "Saves read before their turn, as one workspace made the others wait"),
    "unanswered": ("file_unanswered", "Times the file system did not answer; a gap, and then a comparison"),
    "told_again": ("file_told_again", "Files looked at again, as what was told of them found no room"),
    "overflows": ("file_overflows", "Times the kernel's queue was full; each brings a comparison and a gap"),
    "scans": (
        "file_comparisons",
        "Comparisons with the disk: of all files, or of a flooded workspace",
    ),
}
GAUGES: Final = {
    "heard_bytes_queued": ("file_queue_bytes", "Changes read from the kernel that are not followed yet"),
    "waiting": ("file_second_looks", "Files that are looked at after a time of quiet"),
    "folders": ("file_folders", "Folders that are watched"),
    "files": ("file_sources", "Source files that are known"),
    "flooding": ("file_flooded_workspaces", "Workspaces that are passed over, and compared later"),
    "scanning": ("file_comparing", "1 while files are compared with the disk"),
}
SKIPPED: Final = (
    *("foreign", "outside", "unwanted", "vanished", "passed_over", "flooded"),
    *("unchanged", "too_large", "linked_outside", "gone", "unreadable"),
    *("repeated", "changing", "uncounted", "elsewhere"),
)
"""Changes that are dropped; versions that are told without content; looks that bring nothing."""

Roots = Callable[[], Iterable[WatchedRoot]]


def add_files(metrics: Metrics, roots: Roots) -> None:
    """Add what each root's monitor counts, and how far it lags behind."""
    for field, (name, text) in COUNTERS.items():
        metrics.counter(name, text, counted(roots, field), ROOT_LABELS)
    for field, (name, text) in GAUGES.items():
        metrics.gauge(name, text, counted(roots, field), ROOT_LABELS)
    metrics.counter(
        "file_skipped",
        "Changes not told, versions told without content, looks that found nothing, by reason",
        lambda: [
            ((root.name, root.mode, reason), getattr(root.counters, reason))
            for root in roots()
            for reason in SKIPPED
        ],
        (*ROOT_LABELS, "reason"),
    )
    metrics.gauge(
        "file_lag_seconds",
        "Age of the moment before which all is told; under work up to a second of it is for second looks",
        lambda: [((root.name, root.mode), lag_seconds(root, time_ns())) for root in roots()],
        ROOT_LABELS,
    )


def counted(roots: Roots, field: str) -> Read:
    """Give one count of each root."""
    return lambda: [((root.name, root.mode), getattr(root.counters, field)) for root in roots()]


def lag_seconds(root: WatchedRoot, now_ns: int) -> float:
    """Give how far telling is behind; 0 before anything was told."""
    return max(0, now_ns - root.told_until_ns) / NS_A_SECOND if root.told_until_ns > 0 else 0.0
