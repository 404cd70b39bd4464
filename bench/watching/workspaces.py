"""What ten thousand workspaces cost: the processor until all is known, and the memory afterwards."""

import shutil
from pathlib import Path

from bench.watching.ground import Ground
from bench.watching.start import PEERS
from bench.watching.watchers import NEVER, Watcher, watching

WORKSPACES = 10_000
ASSIGNMENTS = 4
FILES_OF_AN_ASSIGNMENT = 5
KB_OF_A_MB = 1024.0


def measure(ground: Ground) -> dict[str, float]:
    """Four assignments of five sources each; ours reads all of them, peers only list folders."""
    figures: dict[str, float] = {}
    root = ground.root / "workspaces"
    last = make(root)
    for way, prefix in PEERS:
        with watching(way, root, last) as watcher:
            settled = watcher.settled(NEVER)
            figures[f"{prefix}start_cpu_s_10000_workspaces"] = settled["cpu_seconds"]
            figures[f"{prefix}rss_mb_10000_workspaces"] = resident_mb(watcher)
    shutil.rmtree(root)
    return figures


def make(root: Path) -> Path:
    folder = root
    for student in range(WORKSPACES):
        for assignment in range(ASSIGNMENTS):
            folder = root / f"os-1-{student}" / f"hw{assignment}"
            folder.mkdir(parents=True)
            for number in range(FILES_OF_AN_ASSIGNMENT):
                (folder / f"{number}.c").write_text(f"int main(void) {{ return {student % 100}; }}\n")
    return folder


def resident_mb(watcher: Watcher) -> float:
    """With all that its interpreter and what it imports need."""
    for line in Path(f"/proc/{watcher.figures()['pid']}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / KB_OF_A_MB
    return 0.0
