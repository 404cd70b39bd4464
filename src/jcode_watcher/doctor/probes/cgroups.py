"""Which cgroup hierarchies there are, and which cgroup of them this process is in."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from jcode_watcher.doctor.probes.mounts import Mount, mounted_as


class Hierarchies(NamedTuple):
    """Where they are mounted."""

    unified: Path | None
    """Version 2."""
    memory: Path | None
    """Version 1, the memory controller."""


def hierarchies(mounted: Sequence[Mount]) -> Hierarchies:
    """Find them among the mounts."""
    return Hierarchies(mounted_as(mounted, "cgroup2"), mounted_as(mounted, "cgroup", "memory"))


def own_path(text: str, controller: str) -> str:
    """Read from the text of /proc/self/cgroup the path in one hierarchy; `` for version 2."""
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path
    return "/"
