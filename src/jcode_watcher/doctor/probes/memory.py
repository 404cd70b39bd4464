"""How much memory this process may still take."""

import re
import resource
from pathlib import Path

from jcode_watcher.doctor.probes.cgroups import Hierarchies, own_path

FILES_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes")
FILES_V2 = ("memory.max", "memory.current")


def free_bytes(hierarchies: Hierarchies) -> int:
    """Give what the machine has, or what the cgroup's limit leaves, whichever is less."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    machine = int(found[1]) * 1024 if found else 0
    return min([machine, *left_in_cgroup(hierarchies)])


def left_in_cgroup(hierarchies: Hierarchies) -> list[int]:
    """Give what the limits of this process's own cgroup leave, where it has one that can be seen."""
    own = Path("/proc/self/cgroup").read_text()
    left = []
    for mount, controller, files in (
        (hierarchies.memory, "memory", FILES_V1),
        (hierarchies.unified, "", FILES_V2),
    ):
        if mount is None:
            continue
        limit, used = (read(mount / own_path(own, controller).lstrip("/") / name) for name in files)
        if limit.isdigit() and used.isdigit():
            left.append(int(limit) - int(used))
    return left


def read(path: Path) -> str:
    """Give a file's text; nothing where it is not there, as the root cgroup has no limits."""
    return path.read_text().strip() if path.exists() else ""


def locked_bytes_max() -> int:
    """Give RLIMIT_MEMLOCK; -1 is no limit."""
    return resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
