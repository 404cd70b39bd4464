"""Several processes that make attempts at once: most of a script's time is waiting."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.kernel.filemon.promises import REPOSITORY

from jcode_watcher.filemon import Mode

WORKERS = max(1, 2 * (os.cpu_count() or 1) - 1)
Answer = dict[str, Any]


class Crew:
    """Workers that share what is to be done, in its order."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.kernel.filemon.attempts"],
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(WORKERS)
        ]
        self._free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def begin(self, script: Path, mode: Mode, folder: Path) -> "Future[Answer]":
        """Have attempts made in a folder, which must not be there yet, as soon as a worker is free."""
        return self._threads.submit(self._answer, json.dumps([str(script), mode, str(folder)]))

    def end(self) -> None:
        for worker in self._workers:
            worker.communicate()

    def _answer(self, job: str) -> Answer:
        worker = self._free.get()
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(f"{job}\n")
        worker.stdin.flush()
        line = worker.stdout.readline()
        if not line:
            raise ChildProcessError(f"ended at {job}")
        self._free.put(worker)
        answer: Answer = json.loads(line)
        return answer


@contextmanager
def gathered() -> Iterator[Crew]:
    """Give a crew; what is not begun when it goes home is not done."""
    with ThreadPoolExecutor(WORKERS) as threads:
        crew = Crew(threads)
        try:
            yield crew
        finally:
            threads.shutdown(cancel_futures=True)
            crew.end()
