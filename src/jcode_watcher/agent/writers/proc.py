"""What /proc tells of a process that the process monitor was not asked to watch."""

import os
import time
from pathlib import Path

from jcode_watcher.agent.writers.programs import Program
from jcode_watcher.events import to_text

PROC = Path("/proc")
ARGV_BYTES_MAX = 1_024
STAT_PPID, STAT_START_TICKS = 1, 19
"""Fields of /proc/PID/stat, counted behind the name in brackets (proc(5): 4 and 22)."""
TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def program_in_proc(pid: int) -> Program | None:
    """Describe a process that lives now; None where it is gone or hidden."""
    folder = PROC / str(pid)
    try:
        stat = (folder / "stat").read_bytes()
        fields = stat[stat.rindex(b")") + 2 :].split()
        start_boot_ns = int(fields[STAT_START_TICKS]) * TICK_NS
        return Program(
            pid=pid,
            start_boot_ns=start_boot_ns,
            began_ns=start_boot_ns + time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME),
            ppid=int(fields[STAT_PPID]),
            comm=to_text((folder / "comm").read_bytes().rstrip(b"\n")),
            exe=exe_in(folder),
            argv=argv_in(folder),
        )
    except (OSError, ValueError):
        return None


def exe_in(folder: Path) -> str:
    """Give the executable; empty where it is none (a kernel thread) or may not be seen."""
    try:
        return to_text(os.fsencode((folder / "exe").readlink()))
    except OSError:
        return ""


def argv_in(folder: Path) -> tuple[str, ...]:
    """Give the beginning of the arguments."""
    with (folder / "cmdline").open("rb") as cmdline:
        text = cmdline.read(ARGV_BYTES_MAX)
    return tuple(map(to_text, text.rstrip(b"\0").split(b"\0"))) if text else ()
