"""Our process monitor alone, in a process of its own: `python -m bench.tracing.ours PREFIX`.

Says `ready`, then answers each line it is given with its figures as JSON, and ends with its input.
"""

import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import asdict

from jcode_watcher.procmon import Fact, ProcessMonitor

NO_LIMIT = 0
"""A container's allowance would hide what the monitor itself can take."""


def main(prefix: str) -> None:
    monitor = ProcessMonitor(take, hostname_prefixes=[prefix], container_execs_per_second=NO_LIMIT)
    monitor.start()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps(figures(monitor)), flush=True)
    monitor.stop()


def take(facts: Sequence[Fact]) -> None:
    """Typed facts are what a program gets from the monitor; what it does with them is its own cost."""


def figures(monitor: ProcessMonitor) -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    counters = monitor.counters()
    return asdict(counters) | {
        # For whatever reason: what was wanted and is not in the ring.
        "lost": counters.seen - counters.filtered - counters.submitted + counters.missed,
        "user_seconds": used.ru_utime,
        "system_seconds": used.ru_stime,
        "rss_mb": resident_mb("self"),
    }


def resident_mb(pid: int | str) -> float:
    """Memory in use now, not the highest it ever was."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main(sys.argv[1])
