"""The demo's own programs, started again when they die, as a cluster would do."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from jcode_watcher.demo.errors import CannotStart

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15
RESTART_PAUSE_SECONDS = 1.0


class Supervised:
    """A `jcode-watcher` program that is kept running until `stop`."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path) -> None:
        self.name = name
        self.arguments = list(arguments)
        self.restarts = 0
        self.ready: dict[str, Any] = {}
        self._log = log
        self._stopping = threading.Event()
        self._process = self._start()
        self._watcher = threading.Thread(target=self._keep, name=f"keep-{name}", daemon=True)
        self._watcher.start()

    @property
    def pid(self) -> int:
        """Process id of the program that runs now."""
        return self._process.pid

    def stop(self) -> None:
        """End it in order, by SIGTERM; by SIGKILL where that takes too long."""
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._watcher.join()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "jcode_watcher", *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.ready = self._first_line(process)
        return process

    def _first_line(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        """Wait for the line that says it is ready; later lines are read and thrown away."""
        lines: list[bytes] = []
        assert process.stdout is not None  # noqa: S101 - asked for above; tells the type checker
        reader = threading.Thread(target=drain, args=(process.stdout, lines.append), daemon=True)
        reader.start()
        for _ in range(READY_SECONDS_MAX * 20):
            if lines:
                return dict(json.loads(lines[0]))
            if process.poll() is not None and not reader.is_alive():
                break
            threading.Event().wait(0.05)
        process.kill()
        process.wait()
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
            self.restarts += 1
            self._process = self._start()


def drain(stream: IO[bytes], first: Callable[[bytes], None]) -> None:
    """Read a program's output to its end, so that it never blocks; hand over the first line."""
    with stream:
        for number, line in enumerate(stream):
            if number == 0:
                first(line)
