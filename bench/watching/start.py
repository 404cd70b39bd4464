"""How soon the first save is told, and what the kernel holds for it, by the number of folders."""

import contextlib
import shutil
import time
from pathlib import Path

from bench.watching.ground import Ground
from bench.watching.watchers import Watcher, watching

SIZES = ((1_000, "1k"), (50_000, "50k"), (200_000, "200k"))
PEERS = (
    ("ours", ""),
    ("watchdog", "watchdog_"),
    ("watchfiles", "watchfiles_"),
    ("inotifywait", "inotifywait_"),
)
FOLDERS_OF_ONE = 100
KB_OF_A_MB = 1024.0


def measure(ground: Ground) -> dict[str, float]:
    """Folders of a hundred each, all below one; the save is in the last."""
    figures: dict[str, float] = {}
    root, made = ground.root / "many", 0
    for size, label in SIZES:
        last = grow(root, made, size)
        made = size
        for way, prefix in PEERS:
            before = kernel_mb()
            with watching(way, root, last) as watcher:
                figures[f"{prefix}first_event_s_{label}"] = watcher.first_event_seconds
                figures[f"{prefix}kernel_mb_{label}"] = max(0.0, kernel_mb() - before)
                figures[f"{prefix}pinned_inodes_{label}"] = pinned_inodes(watcher)
    shutil.rmtree(root)
    return figures


def grow(root: Path, first: int, until: int) -> Path:
    folder = root
    for n in range(first, until):
        folder = root / f"g{n // FOLDERS_OF_ONE}" / f"f{n}"
        folder.mkdir(parents=True)
    return folder


def kernel_mb() -> float:
    """What the kernel holds and cannot give back, once it has freed what it frees a little later."""
    time.sleep(0.3)
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("SUnreclaim:"):
            return int(line.split()[1]) / KB_OF_A_MB
    return 0.0


def pinned_inodes(watcher: Watcher) -> int:
    """Count the inodes that cannot leave memory while this watcher runs: one a watch."""
    pid, found = watcher.figures()["pid"], 0
    for info in Path(f"/proc/{pid}/fdinfo").iterdir():
        with contextlib.suppress(OSError), info.open() as lines:
            found += sum(line.startswith("inotify wd:") for line in lines)
    return found
