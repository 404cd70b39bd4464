"""Who traces: each a context that begins when everything is seen and ends when nothing is traced any more."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

SCRIPT = Path(__file__).parents[1] / "peers/exec_exit.bt"
START_SECONDS_MAX = 30.0
STEP_SECONDS = 0.02
QUIET_SECONDS = 1.0
# bpftrace finds tracepoints in tracefs. Where that is not mounted, it is, for bpftrace alone.
WITH_TRACEFS = (
    '[ -d "$1/events" ] || mount -t tracefs tracefs "$1"; shift; exec "$@"',
    "sh",
    "/sys/kernel/tracing",
)


class Peer(NamedTuple):
    """A running tracer that writes lines."""

    pid: int
    output: Path
    errors: Path


class Ours(NamedTuple):
    """Our monitor in a process of its own."""

    process: "subprocess.Popen[str]"

    @property
    def pid(self) -> int:
        return self.process.pid

    def figures(self) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def figures_at(self, received: int) -> dict[str, Any]:
        """Wait until so many records were received or lost."""
        wait_for(lambda: (f := self.figures())["received"] + f["lost"] >= received)
        return self.figures()


@contextmanager
def nothing() -> Iterator[None]:
    yield


@contextmanager
def ours(prefix: str) -> Iterator[Ours]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.tracing.ours", prefix],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("our monitor did not start")
        yield Ours(process)
        assert process.stdin
        process.stdin.close()


@contextmanager
def peer(folder: Path, *command: str | Path) -> Iterator[Peer]:
    """Run a tracer that writes to a file in `folder`; it is told to end as a terminal tells it."""
    output, errors = folder / "output", folder / "errors"
    with (
        output.open("wb") as out,
        errors.open("wb") as err,
        subprocess.Popen(command, stdout=out, stderr=err) as process,
    ):
        try:
            yield Peer(process.pid, output, errors)
        finally:
            process.send_signal(signal.SIGINT)


def bpftrace(folder: Path) -> AbstractContextManager[Peer]:
    command = ("unshare", "--mount", "sh", "-c", *WITH_TRACEFS, "bpftrace", SCRIPT)
    return seen_by(peer(folder, *command))


def forkstat(folder: Path) -> AbstractContextManager[Peer]:
    return seen_by(peer(folder, "forkstat", "-l", "-e", "exec,exit"))


@contextmanager
def seen_by(starting: AbstractContextManager[Peer]) -> Iterator[Peer]:
    """Wait until the tracer tells of a program."""
    with starting as tracer:
        wait_for(lambda: tells(tracer))
        yield tracer


def tells(tracer: Peer) -> bool:
    # Their output is in blocks, so one program is not enough; a header is shorter than a block.
    for _ in range(50):
        subprocess.run(["true"], check=True)
    return tracer.output.stat().st_size > 2048


def wait_until_quiet(tracer: Peer) -> None:
    """Wait until the tracer has written nothing for a while."""
    size = -1
    while size != (size := tracer.output.stat().st_size):
        time.sleep(QUIET_SECONDS)


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("a tracer did not get so far in time")
        time.sleep(STEP_SECONDS)
