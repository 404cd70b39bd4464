"""A tight loop of vfork, exec, exit and wait, in C: the load under which everything is measured."""

import subprocess
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).parent / "programs"
ENDS_OF_A_LOOP = 1
"""The loop's own first process ends too."""
ANY_CPU = -1
RUN_SECONDS_MAX = 300


class ExecLoop(NamedTuple):
    """The compiled programs."""

    loop: Path
    nothing: Path

    @classmethod
    def compiled(cls, folder: Path) -> "ExecLoop":
        made = cls(folder / "exec_loop", folder / "nothing")
        subprocess.run(["gcc", "-O2", "-o", made.loop, SOURCES / "exec_loop.c"], check=True)
        subprocess.run(["gcc", "-static", "-nostdlib", "-o", made.nothing, SOURCES / "nothing.c"], check=True)
        return made

    def run(
        self,
        hostname: str,
        execs: int,
        *,
        workers: int = 1,
        per_second: int = 0,
        batch: int = 0,
        cpu: int = ANY_CPU,
    ) -> list[int]:
        """Run it to its end; give the nanoseconds of each batch."""
        with self.started(
            hostname, execs, workers=workers, per_second=per_second, batch=batch, cpu=cpu
        ) as loop:
            told, _ = loop.communicate(timeout=RUN_SECONDS_MAX)
        if loop.returncode:
            raise RuntimeError(f"the exec loop ended with status {loop.returncode}")
        return [int(line) for line in told.split()]

    def started(
        self, hostname: str, execs: int, *, workers: int, per_second: int, batch: int, cpu: int
    ) -> "subprocess.Popen[bytes]":
        """Start it, and leave it running."""
        numbers = map(str, (workers, execs, per_second, batch, cpu))
        return subprocess.Popen([self.loop, hostname, *numbers, self.nothing], stdout=subprocess.PIPE)


def events_of(execs: int, workers: int = 1) -> int:
    """How many events a run makes: an exec and an exit each, and the exits of workers and loop."""
    return 2 * execs * workers + workers + ENDS_OF_A_LOOP
