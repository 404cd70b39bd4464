"""One way of watching, in a process of its own: `python -m bench.watching.watcher WAY ROOT`.

Says `ready` when all is imported and begins to watch at the first line it is given; says `first NANOSECONDS`
when it hears of the first save of a probe. After that it answers each line with its figures as JSON, and
`dump FILE` by writing there, before, what it heard since it last did.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.watching.ways import WAYS

PROBE = b"probe.c"
NANOSECONDS = 1e9


class Log:
    """Every save that was told, and when."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, int]] = []
        self.first_ns = 0

    def take(self, path: bytes) -> None:
        """Work is left for later: what a program makes of an event is its own cost."""
        now = time.monotonic_ns()
        self.heard.append((path, now))
        if not self.first_ns and path.endswith(PROBE):
            self.first_ns = now
            print(f"first {now}", flush=True)

    def dump(self, file: Path) -> None:
        """Write the number of each file that was saved, and when that was first told."""
        heard, self.heard = self.heard, []
        times: dict[str, int] = {}
        for path, ns in heard:
            name = os.path.basename(path)  # noqa: PTH119 - names are bytes
            if name != PROBE and name.endswith(b".c"):
                times.setdefault(name[:-2].decode(), ns)
        file.write_text(json.dumps(times))


def main(way: str, root: str) -> None:
    log = Log()
    begin = WAYS[way]
    print("ready", flush=True)
    sys.stdin.readline()
    helper = begin(Path(root), log.take)
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "dump":
            log.dump(Path(argument))
        print(json.dumps(figures(log, helper)), flush=True)
    os._exit(0)  # Some ways end by themselves only, others never.


def figures(log: Log, helper: int) -> dict[str, float]:
    """A helper's own reading of lines is ours, not its: so its time alone counts where there is one."""
    seconds = cpu_seconds(helper) if helper else time.process_time()
    return {"heard": len(log.heard), "cpu_seconds": seconds, "pid": helper or os.getpid()}


def cpu_seconds(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / NANOSECONDS


if __name__ == "__main__":
    main(*sys.argv[1:])
