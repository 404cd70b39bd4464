"""Really loads and attaches the BPF programs, for a moment."""

import os
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from jcode_watcher.doctor.machine import Tracing
from jcode_watcher.procmon import CannotTrace, Executed, Fact, ProcessMonitor

FOLDERS_MAX: Final = 100_000
"""cgroups looked through for those that were told."""


def try_tracing(cgroup_mount: Path | None) -> Tracing:
    """Trace every process for a moment; tell how long starting took, and whose cgroups can be found.

    `cgroup_mount` is where the hierarchy with the memory controller is mounted.
    """
    cgroups: set[int] = set()

    def take(facts: Sequence[Fact]) -> None:
        cgroups.update(fact.memory_cgroup_id for fact in facts if isinstance(fact, Executed))

    monitor = ProcessMonitor(take)
    began = perf_counter()
    try:
        monitor.start()
    except CannotTrace as refusal:
        return Tracing(refusal=str(refusal))
    loaded_ms = (perf_counter() - began) * 1000
    monitor.stop()
    return Tracing(
        loaded_ms=loaded_ms,
        running=monitor.counters().found_running,
        memory_cgroups=len(cgroups),
        memory_cgroups_found=len(cgroups & ids_below(cgroup_mount)) if cgroup_mount else 0,
    )


def ids_below(mount: Path) -> set[int]:
    """Give the ids of the cgroups below a mount: the inode numbers of their folders."""
    found: set[int] = set()
    for _, _, _, folder in os.fwalk(mount):
        found.add(os.fstat(folder).st_ino)
        if len(found) >= FOLDERS_MAX:
            break
    return found
