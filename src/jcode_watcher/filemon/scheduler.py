"""What the kernel's scheduler says: who is at work, and whether processes have to wait for a processor."""

import os
from itertools import islice
from typing import Final

THREADS_MAX: Final = 64
"""Threads that are looked at; of a process with more nobody can say quickly."""
AT_WORK: Final = (b"R", b"D")
"""Running, or waiting for a processor; waiting for a disk."""
CROWD: Final = 2
"""As many for each processor as wait for one for some milliseconds only (EEVDF's slice is 3 ms)."""


class Scheduler:
    """Asks /proc."""

    def is_at_work(self, pid: int) -> bool:
        """Tell whether some thread of a process is (proc_pid_stat(5)); False if it is gone."""
        try:
            with os.scandir(f"/proc/{pid}/task") as threads:
                seen = list(islice(threads, THREADS_MAX + 1))
        except OSError:
            return False
        return len(seen) > THREADS_MAX or any(_state(thread.path) in AT_WORK for thread in seen)

    def is_crowded(self) -> bool:
        """Tell whether there is far more to run than there are processors (proc_loadavg(5))."""
        with open("/proc/loadavg", "rb") as file:  # noqa: PTH123 - the quickest way
            running = file.read().split()[3].partition(b"/")[0]
        return int(running) > CROWD * (os.cpu_count() or 1)


def _state(thread: str) -> bytes:
    try:
        with open(f"{thread}/stat", "rb") as file:  # noqa: PTH123 - the quickest way
            stat = file.read()
    except OSError:
        return b""
    # Its name stands in brackets before, and may hold any character.
    return stat.rpartition(b") ")[2][:1]
