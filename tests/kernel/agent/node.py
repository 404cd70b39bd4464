"""A node whose agent comes and goes, and programs that run there meanwhile."""

import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from tests.kernel.agent.program import POLL_SECONDS, SECONDS_MAX, Program

LOAD = Path(__file__).parent / "load.py"
KILLED_AFTER = Path(__file__).parent / "killed_after.py"
PROGRAMS_MAX = 1_000_000

Event = dict[str, Any]


class Load:
    """Programs that run one after the other in a container of the test's own."""

    def __init__(self, hostname: str, said: Path, *, padding: int = 0, most: int = PROGRAMS_MAX) -> None:
        named = f'hostname {hostname} && exec "$@"'
        arguments = [str(LOAD), str(said), str(padding), str(most)]
        self._said = said
        self._process = subprocess.Popen(
            ["unshare", "--uts", "sh", "-c", named, "load", sys.executable, *arguments],
            stdin=subprocess.PIPE,
        )

    def end(self) -> dict[int, int]:
        """Give the pid of each program by its number, once all have ended; no more are begun."""
        self._process.communicate(timeout=SECONDS_MAX)
        return self.ran()

    def ran(self) -> dict[int, int]:
        """Likewise, where all are to run that there are."""
        assert self._process.wait(SECONDS_MAX) == 0
        lines = self._said.read_text().splitlines()
        return {int(number): int(pid) for number, pid in map(str.split, lines)}


class Node:
    """Its service is away, so that all that an agent keeps is in the spool."""

    def __init__(self, folder: Path, pins: Path, stack: ExitStack) -> None:
        self.prefix = f"rst{secrets.token_hex(4)}-"
        self.pins = pins
        self._folder = folder
        self._stack = stack
        (folder / "token").write_text("t")

    def arguments(self, *more: str, state: str = "state") -> list[str]:
        return [
            "agent",
            *("--server", "http://127.0.0.1:9", "--token-file", str(self._folder / "token")),
            *("--state", str(self._folder / state), "--listen", "127.0.0.1:0"),
            *("--hostname-prefix", self.prefix, "--no-filemon", "--container-execs-per-second", "0", *more),
        ]

    def start(self, *more: str) -> Program:
        """Start an agent that leaves its programs in the kernel."""
        return self.start_without_pins("--bpf-pins", str(self.pins), *more)

    def start_without_pins(self, *more: str) -> Program:
        return self._started(Program(*self.arguments(*more)))

    def start_of(self, sources: Path, *more: str) -> Program:
        """Start an agent as `start` does, of another version."""
        arguments = self.arguments("--bpf-pins", str(self.pins), *more)
        return self._started(Program(*arguments, environment=os.environ | {"PYTHONPATH": str(sources)}))

    def _started(self, agent: Program) -> Program:
        self._stack.callback(end, agent)
        return agent

    def load(self, **how: int) -> Load:
        load = Load(f"{self.prefix}os-1-1", self._folder / f"load-{secrets.token_hex(4)}", **how)
        self._stack.callback(load.end)
        return load

    def die(self, where: str, *more: str) -> None:
        """Start one that kills itself where `killed_after.py` is told."""
        arguments = self.arguments("--bpf-pins", str(self.pins), *more)
        command = [sys.executable, str(KILLED_AFTER), *where.split(), *arguments]
        died = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        assert died.returncode == -signal.SIGKILL, died.stderr

    def tags(self) -> list[str]:
        return sorted(path.name for path in self.pins.iterdir())

    def bodies(self, kind: str) -> list[Event]:
        """Give what was kept of one kind, in order."""
        with closing(sqlite3.connect(self._folder / "state/spool.sqlite3")) as spool:
            of_kind = "SELECT json FROM events WHERE instr(json, CAST(? AS BLOB)) ORDER BY position"
            rows = spool.execute(of_kind, (f'"kind":"{kind}"',)).fetchall()
        events = [json.loads(text) for (text,) in rows]
        return [event["body"] for event in events if event["kind"] == kind]

    def gaps(self) -> list[tuple[str, str]]:
        return [(gap["stage"], gap["reason"]) for gap in self.bodies("monitor.gap")]

    def wait_for(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS_MAX
        while not done():
            assert time.monotonic() < deadline, self.gaps()
            time.sleep(POLL_SECONDS)

    def wait_for_ends(self, ran: dict[int, int]) -> None:
        """Wait until as many ends are kept as there were programs."""
        told = 0
        while told < len(ran):
            before = told
            # Each time anew: what is left to be told after many kills takes a slow machine its time.
            self.wait_for(lambda: self.ends_of(ran).total() > before)  # noqa: B023 - called in this round
            told = self.ends_of(ran).total()

    def told_once(self, ran: dict[int, int]) -> bool:
        """Say whether each program's begin and end is told once, as soon as so many ends are."""
        self.wait_for_ends(ran)
        return self.begun() == Counter(ran.keys()) and self.ends_of(ran) == Counter(ran.values())

    def told_and_lost(self) -> int:
        """Count what was told of processes, and what was stated as lost."""
        lost: int = sum(gap["count"] for gap in self.bodies("monitor.gap") if gap["reason"] == "ring_full")
        return lost + len(self.bodies("process.started")) + len(self.bodies("process.exited"))

    def ends_of_process(self, pid: int) -> list[Event]:
        return [body for body in self.bodies("process.exited") if body["pid"] == pid]

    def begun(self) -> Counter[int]:
        """Count how often each program of a load was told to begin, by number."""
        argvs = [body["argv"] for body in self.bodies("process.started")]
        return Counter(int(argv[1][1:]) for argv in argvs if argv[0] == "/bin/true")

    def ends_of(self, ran: dict[int, int]) -> Counter[int]:
        """Count how often each pid of a load was told to end: the kernel uses them again, also for others."""
        pids = set(ran.values())
        ended = (body for body in self.bodies("process.exited") if body["comm"] == "true")
        return Counter(body["pid"] for body in ended if body["pid"] in pids)


def end(agent: Program) -> None:
    """End an agent at once, where it runs still: nobody asks what it kept."""
    if agent.process.poll() is None:
        agent.kill()


def other(number: int) -> tuple[str, str]:
    """Give options with which programs in the kernel are others; no limit is met with them."""
    return ("--container-execs-per-second", str(100_000 + 1_000 * number))
