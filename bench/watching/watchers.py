"""A watcher in a process of its own, as the one that measures sees it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

START_SECONDS_MAX = 60.0
PROBE_EVERY_SECONDS = 0.002
STEP_SECONDS = 0.05
QUIET_SECONDS = 2.5
"""watchfiles gathers for 1.6 s before it tells."""
NANOSECONDS = 1e9
NEVER = 1 << 62


class Watcher(NamedTuple):
    """A running watcher."""

    process: "subprocess.Popen[str]"
    first_event_seconds: float
    """From the moment it was told to watch to the first save that it told."""

    def figures(self, command: str = "figures") -> dict[str, Any]:
        send(self.process, command)
        return json.loads(said(self.process))

    def settled(self, expected: int) -> dict[str, Any]:
        """Wait until so much was heard, or it neither heard nor did anything for a while."""
        figures, quiet_since = self.figures(), time.monotonic()
        while figures["heard"] < expected and time.monotonic() - quiet_since < QUIET_SECONDS:
            time.sleep(STEP_SECONDS)
            before, figures = figures, self.figures()
            busy_seconds = figures["cpu_seconds"] - before["cpu_seconds"]
            if figures["heard"] != before["heard"] or busy_seconds > STEP_SECONDS / 2:
                quiet_since = time.monotonic()
        return figures

    def idle(self, scratch: Path) -> None:
        """Wait until it has done all that there is to do at its start, and forget what it heard."""
        self.settled(NEVER)
        self.heard_ns(scratch)

    def heard_ns(self, scratch: Path) -> dict[int, int]:
        """Give when each file's save was told, of those since this was last asked."""
        file = scratch / "heard.json"
        self.figures(f"dump {file}")
        return {int(name): ns for name, ns in json.loads(file.read_text()).items()}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let it do nothing for a while."""
        pid = self.process.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def watching(way: str, root: Path, probed: Path) -> Iterator[Watcher]:
    """Watch `root`, and give the watcher once it tells of saves in the folder `probed`."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.watching.watcher", way, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            if said(process) != "ready\n":
                raise RuntimeError(f"{way} did not start")
            yield Watcher(process, first_event_seconds(process, probed))
        finally:
            helpers = children(process.pid)
            process.kill()
            for pid in helpers:
                os.kill(pid, signal.SIGTERM)


def first_event_seconds(process: "subprocess.Popen[str]", probed: Path) -> float:
    """Save a file again and again until the watcher tells of it."""
    assert process.stdout
    probe, began_ns = probed / "probe.c", time.monotonic_ns()
    send(process, "watch")
    until = time.monotonic() + START_SECONDS_MAX
    while not select.select([process.stdout], [], [], PROBE_EVERY_SECONDS)[0]:
        probe.write_text(str(time.monotonic_ns()))
        if time.monotonic() > until:
            raise TimeoutError("a watcher told nothing in time")
    return (int(said(process).split()[1]) - began_ns) / NANOSECONDS


def send(process: "subprocess.Popen[str]", command: str) -> None:
    assert process.stdin
    process.stdin.write(f"{command}\n")
    process.stdin.flush()


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline()


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
