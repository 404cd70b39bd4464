"""Our programs as operators install and run them, and what their metrics say."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from bench.tracing.tracers import wait_for

STANDSTILL_SECONDS_MAX = 5.0
STEP_SECONDS = 0.1
LISTENING = re.compile(r'(?:listening on http://|"listen": ")(127\.0\.0\.1:\d+)')
COMMAND = "build/bench/installed/bin/jcode-watcher"
"""Made by `make bench`: libraries of the development environment would weigh in the memory measured."""
SPOOL_BYTES_MAX = 1 << 32
"""Nothing is delivered in a measurement, so all of it must find room."""


class Program(NamedTuple):
    """A running `jcode-watcher ...`."""

    process: "subprocess.Popen[bytes]"
    address: str

    def total(self, name: str, label: str = "") -> int:
        """Add up the metrics of one name whose labels hold a text."""
        with urlopen(f"http://{self.address}/metrics") as answer:
            text = answer.read().decode()
        pairs = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return int(sum(float(value) for n, _, value in pairs if n.startswith(name) and label in n))

    def wait_for(self, wanted: int, name: str, label: str = "") -> tuple[int, float]:
        """Wait until a total is there or grows no more; give it, and when it last grew."""
        found, grown = self.total(name, label), time.monotonic()
        while found < wanted and time.monotonic() - grown < STANDSTILL_SECONDS_MAX:
            time.sleep(STEP_SECONDS)
            before, found = found, self.total(name, label)
            if found > before:
                grown = time.monotonic()
        return found, grown


@contextmanager
def lifecycle(folder: Path, prefix: str, *flags: str, lines: int = subprocess.DEVNULL) -> Iterator[Program]:
    """The lifecycle monitor; what it prints goes to the descriptor `lines`."""
    log = folder / "lifecycle.errors"
    with (
        log.open("wb") as errors,
        started(
            log, lines, errors.fileno(), "lifecycle", "--port=0", f"--hostname-prefix={prefix}", *flags
        ) as p,
    ):
        yield p


@contextmanager
def agent(folder: Path, prefix: str) -> Iterator[Program]:
    """The agent with processes only, whose service is away: everything stays in the spool."""
    folder.mkdir()
    (folder / "token").write_text("none")
    flags = (
        *("--no-filemon", f"--hostname-prefix={prefix}", "--listen=127.0.0.1:0"),
        # All of the load is one container, whose allowance would hide what the agent can take.
        "--container-execs-per-second=0",
        *(f"--state={folder}/state", f"--spool-bytes-max={SPOOL_BYTES_MAX}"),
        *("--server=http://127.0.0.1:9", f"--token-file={folder}/token"),
    )
    log = folder / "ready"
    with (
        log.open("wb") as ready,
        (folder / "errors").open("wb") as errors,
        started(log, ready.fileno(), errors.fileno(), "agent", *flags) as program,
    ):
        yield program


@contextmanager
def started(log: Path, output: int, errors: int, *command: str) -> Iterator[Program]:
    """Start it and wait until its log says where it listens; end it in order."""
    with subprocess.Popen([COMMAND, *command], stdout=output, stderr=errors) as process:
        try:
            wait_for(lambda: LISTENING.search(log.read_text()) is not None)
            said = LISTENING.search(log.read_text())
            assert said
            yield Program(process, said[1])
        finally:
            process.send_signal(signal.SIGTERM)
