"""The monitor as its users run it, and programs in a UTS namespace of their own."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

PATIENCE_SECONDS = 30
ROOT = Path(__file__).parents[3]
LISTENING = re.compile(r"listening on http://([^/]+)/")
READY_LINE = b'{"type":"READY"}\n'


class Monitor:
    """A running `jcode-watcher lifecycle`."""

    def __init__(self, process: "subprocess.Popen[bytes]", address: str) -> None:
        self.process = process
        self.address = address
        self._rest = b""

    def lines_until(self, last: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """Read stdout to the first line that is the last one wanted."""
        told: list[dict[str, Any]] = []
        while not (told and last(told[-1])):
            told.append(json.loads(self.line()))
        return told

    def line(self) -> bytes:
        """Read one line of stdout."""
        assert self.process.stdout
        until = time.monotonic() + PATIENCE_SECONDS
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))
            assert ready, "no line came"
            some = os.read(self.process.stdout.fileno(), 1 << 20)
            assert some, "stdout ended"
            self._rest += some
        line, _, self._rest = self._rest.partition(b"\n")
        return line + b"\n"

    def metrics(self) -> dict[str, float]:
        """Ask for the metrics."""
        with urlopen(f"http://{self.address}/metrics") as answer:
            text = answer.read().decode()
        pairs = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to end; give its exit status and how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE_SECONDS)
        return status, time.monotonic() - began


@pytest.fixture
def lifecycle() -> list[str]:
    """Give the command, without arguments."""
    return [sys.executable, "-m", "jcode_watcher", "lifecycle"]


@pytest.fixture
def monitor(lifecycle: list[str], tmp_path: Path, hostname: str) -> Iterator[Callable[..., Monitor]]:
    """Give a function that starts the monitor with further flags, and returns once it is ready."""
    with ExitStack() as stack:

        def start(*flags: str) -> Monitor:
            log = stack.enter_context((tmp_path / "stderr").open("w+"))
            command = [*lifecycle, "--port", "0", "--hostname-prefix", hostname, *flags]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log))
            stack.callback(process.kill)
            started = Monitor(process, "")
            if "--no-stdout" not in flags:
                assert started.line() == READY_LINE
            started.address = address_in(tmp_path / "stderr")
            return started

        yield start


def address_in(log: Path) -> str:
    """Wait until the monitor has said where it listens."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if listening := LISTENING.search(log.read_text()):
            return listening[1]
        time.sleep(0.01)
    raise AssertionError(f"it listens nowhere: {log.read_text()}")


@pytest.fixture
def hostname(request: pytest.FixtureRequest) -> str:
    """Give a hostname that no other test and no student has."""
    return f"lifecycle-test-{os.getpid()}-{abs(hash(request.node.nodeid)) % 10**6}"


@pytest.fixture
def run_as(hostname: str) -> Callable[[str], int]:
    """Give a function that runs a shell script under that hostname, and gives its exit status."""

    def run(script: str) -> int:
        naming = 'echo "$0" >/proc/sys/kernel/hostname; eval "$1"'
        command = ["unshare", "--uts", "sh", "-c", naming, hostname, script]
        return subprocess.run(command, check=False, capture_output=True, timeout=120).returncode

    return run
