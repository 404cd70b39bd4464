"""What /proc tells of a process that the process monitor was not asked to watch."""

import os
import time
from pathlib import Path

from jcode_watcher.agent.writers.programs import Program
from jcode_watcher.events import to_text

PROC = Path("/proc")
ARGV_BYTES_MAX = 1_024
DELETED = b" (deleted)"
"""What the kernel appends to the name of an executable that was replaced meanwhile."""
MACHINE_UTS = f"uts:[{0xEFFFFFFE}]"
"""The UTS namespace with which a machine begins (PROC_UTS_INIT_INO)."""
STAT_PPID, STAT_FLAGS, STAT_START_TICKS = 1, 6, 19
"""Fields of /proc/PID/stat, counted behind the name in brackets (proc(5): 4, 9 and 22)."""
OF_KERNEL = 0x200000
"""Flag of a thread of the kernel's own, such as nfsd's, which has no executable (PF_KTHREAD)."""
TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def program_in_proc(pid: int) -> Program | None:
    """Describe a process that lives now; None where it is gone or hidden."""
    folder = PROC / str(pid)
    try:
        stat = (folder / "stat").read_bytes()
        fields = stat[stat.rindex(b")") + 2 :].split()
        exe = exe_in(folder)
        if exe is None and not int(fields[STAT_FLAGS]) & OF_KERNEL:
            # It is ending: nothing is left of it but its number.
            return None
        start_boot_ns = int(fields[STAT_START_TICKS]) * TICK_NS
        now_ns = time.time_ns()
        return Program(
            pid=pid,
            start_boot_ns=start_boot_ns,
            # At the end of the tick in which it started: what led to it began earlier.
            began_ns=min(
                now_ns, start_boot_ns + TICK_NS + now_ns - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
            ),
            is_on_machine=is_on_machine(folder),
            ppid=int(fields[STAT_PPID]),
            comm=to_text((folder / "comm").read_bytes().rstrip(b"\n")),
            exe=exe or "",
            argv=argv_in(folder),
        )
    except (OSError, ValueError):
        return None


def exe_in(folder: Path) -> str | None:
    """Give the executable; empty where it may not be seen, None where it is none."""
    try:
        return to_text(os.fsencode((folder / "exe").readlink()).removesuffix(DELETED))
    except PermissionError:
        return ""
    except FileNotFoundError:
        return None


def is_on_machine(folder: Path) -> bool:
    """Tell whether a process is in the machine's own UTS namespace; false also where that is hidden."""
    try:
        return str((folder / "ns/uts").readlink()) == MACHINE_UTS
    except OSError:
        return False


def argv_in(folder: Path) -> tuple[str, ...]:
    """Give the beginning of the arguments."""
    with (folder / "cmdline").open("rb") as cmdline:
        text = cmdline.read(ARGV_BYTES_MAX)
    return tuple(map(to_text, text.rstrip(b"\0").split(b"\0"))) if text else ()
