"""One student at work, in a thread: assignment after assignment, until the class ends."""

import random
import shlex
import threading
import time
from collections.abc import Callable
from pathlib import Path

from jcode_watcher.demo.errors import LostStudent
from jcode_watcher.demo.ledger import Done, Ledger
from jcode_watcher.demo.lesson import Act, hand_out, lesson
from jcode_watcher.demo.shell import Shell

ASSIGNMENTS_MAX = 20
THINKING_SECONDS = (0.1, 1.1)
"""What each pause between two acts is at least, and what chance adds at most while the class lasts."""


class Student:
    """Does whole lessons, at least one, each in the next assignment's folder."""

    def __init__(self, number: int, hostname_prefix: str, root: Path, class_over: threading.Event) -> None:
        self.ledger = Ledger(f"2020121{number:02d}")
        self._number = number
        self._workspace = root / f"os-1-{self.ledger.student}"
        self._hostname = f"{hostname_prefix}{self._workspace.name}"
        self._class_over = class_over
        self._thinking = random.Random(number)  # noqa: S311 - a pause, no secret
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self._work, name=self.ledger.student)

    def _work(self) -> None:
        self._workspace.mkdir()
        try:
            with Shell(self._hostname, self._workspace) as shell:
                for assignment in range(1, ASSIGNMENTS_MAX + 1):
                    self._solve(shell.type, self._workspace / f"hw{assignment}")
                    if self._class_over.is_set():
                        return
        except BaseException as error:  # noqa: BLE001 - the thread's outermost loop: the main thread raises it
            self.failure = error

    def _solve(self, type_command: Callable[[str], int], folder: Path) -> None:
        hand_out(folder, self._number)
        for act in lesson(self._number):
            self._do(type_command, folder, act)
            # Nobody types faster, and two saves must not come closer than a version is promised for.
            time.sleep(THINKING_SECONDS[0])
            self._class_over.wait(self._thinking.uniform(0, THINKING_SECONDS[1]))

    def _do(self, type_command: Callable[[str], int], folder: Path, act: Act) -> None:
        began_ns = time.time_ns()
        status = type_command(
            f"cd {shlex.quote(folder.name)} && {act.command}; set -- $?; cd - >/dev/null; (exit $1)"
        )
        ended_ns = time.time_ns()
        if status != act.status:
            raise LostStudent(f"{self._hostname}: {act.command!r} gave status {status}, not {act.status}")
        for expected in act.expected:
            self.ledger.write(folder, expected, began_ns, ended_ns)

    def deeds(self) -> list[Done]:
        """Give a copy of what was done so far."""
        return list(self.ledger.deeds)
