"""Nanoseconds of each BPF program's run, as the kernel's own statistics have it."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

SWITCH = Path("/proc/sys/kernel/bpf_stats_enabled")
PROGRAM = re.compile(r"^prog_id:\s+(\d+)\nrun_time_ns:\s+(\d+)\nrun_cnt:\s+(\d+)$", re.MULTILINE)


class Runs(NamedTuple):
    """What a program took until now."""

    nanoseconds: int
    runs: int

    def mean_since(self, before: "Runs") -> float:
        """Nanoseconds of one run."""
        return (self.nanoseconds - before.nanoseconds) / max(self.runs - before.runs, 1)


@contextmanager
def statistics() -> Iterator[None]:
    """Let the kernel count; afterwards as it was before."""
    before = SWITCH.read_text()
    SWITCH.write_text("1")
    try:
        yield
    finally:
        SWITCH.write_text(before)


class Attached:
    """The programs of one process, by the tracepoint on which they are."""

    def __init__(self, pid: int) -> None:
        answer = subprocess.run(["bpftool", "-j", "perf", "show"], capture_output=True, check=True)
        attached: list[dict[str, Any]] = [a for a in json.loads(answer.stdout) if a["pid"] == pid]
        hooks = {a["prog_id"]: a.get("tracepoint") or a.get("name") or a.get("tp_name") for a in attached}
        self._files: dict[str, Path] = {}
        for file in Path(f"/proc/{pid}/fdinfo").iterdir():
            if (found := PROGRAM.search(file.read_text())) and (hook := hooks.get(int(found[1]))):
                self._files[hook] = file

    def runs_on(self, hook: str) -> Runs:
        found = PROGRAM.search(self._files[hook].read_text())
        assert found
        return Runs(int(found[2]), int(found[3]))
