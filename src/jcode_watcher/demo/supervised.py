"""The demo's own programs, started again when they die, as a cluster would do."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from jcode_watcher.demo.errors import CannotStart

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
RESTART_PAUSE_SECONDS = 1.0
POLL_SECONDS = 0.05
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")


class Supervised:
    """A `jcode-watcher` program that is kept running until `stop`."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path) -> None:
        self.name = name
        self.arguments = list(arguments)
        self.restarts = 0
        self._log = log
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process, self._lines = self._launch()
        self.ready = self._first_line()
        self._watcher = threading.Thread(target=self._keep, name=f"keep-{name}", daemon=True)
        self._watcher.start()

    @property
    def pid(self) -> int:
        """Process id of the program that runs now."""
        return self._process.pid

    def stop(self) -> None:
        """End it in order, by SIGTERM; by SIGKILL where that takes too long."""
        with self._lock:
            self._stopping.set()
            process = self._process
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._watcher.join()

    def _launch(self) -> tuple[subprocess.Popen[bytes], list[bytes]]:
        """Start the program, out of reach of the terminal's Ctrl-C, and gone if this one is killed."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [*DIES_WITH_US, sys.executable, "-m", "jcode_watcher", *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        lines: list[bytes] = []
        assert process.stdout is not None  # noqa: S101 - asked for above; tells the type checker
        threading.Thread(target=drain, args=(process.stdout, lines.append), daemon=True).start()
        return process, lines

    def _first_line(self) -> dict[str, Any]:
        """Wait for the line that says it is ready; CannotStart if it ends or takes too long."""
        for _ in range(int(READY_SECONDS_MAX / POLL_SECONDS)):
            if self._lines:
                return dict(json.loads(self._lines[0]))
            if self._process.poll() is not None or self._stopping.is_set():
                break
            self._stopping.wait(POLL_SECONDS)
        self._process.kill()
        self._process.wait()
        raise CannotStart(f"{self.name} did not start: {self.last_words()}")

    def last_words(self) -> str:
        """Give the last line it logged."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(RESTART_PAUSE_SECONDS):
                return
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process, self._lines = self._launch()
            self.restarts += 1
            with suppress(CannotStart):  # it is tried again, as a cluster would
                self.ready = self._first_line()


def drain(stream: IO[bytes], first: Callable[[bytes], None]) -> None:
    """Read a program's output to its end, so that it never blocks; hand over the first line."""
    with stream:
        for number, line in enumerate(stream):
            if number == 0:
                first(line)
