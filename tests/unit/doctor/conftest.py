"""A machine on which everything works, to be broken one thing at a time."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from jcode_watcher.doctor.checks.capabilities import CAPABILITIES
from jcode_watcher.doctor.machine import Disk, Machine, Root, Tracing

HEALTHY = Machine(
    release="6.12.0-1-amd64",
    has_types=True,
    capabilities=sum(1 << capability.bit for capability in CAPABILITIES),
    in_host_users=True,
    in_host_pids=True,
    libbpf="/usr/lib/libbpf.so.1.1.2",
    tracing=Tracing(loaded_ms=50, running=80, memory_cgroups=9, memory_cgroups_found=9),
    memory_free_bytes=1 << 30,
    locked_bytes_max=-1,
    cgroup_v2=Path("/sys/fs/cgroup"),
    inotify_watches_max=1_000_000,
    roots=[
        Root(path=Path("/w"), filesystem="ext4", refusals={"handles": "", "descriptors": "", "inotify": ""})
    ],
    modes_built_in=["handles"],
    disk=Disk(folder=Path("/var/lib"), free_bytes=1 << 34, fsync_ms=2),
    spool_bytes_max=1 << 30,
    kubernetes="",
)


class Healthy:
    """Makes machines like the healthy one."""

    def but(self, **changes: Any) -> Machine:
        """Give the healthy machine with some facts changed."""
        return msgspec.structs.replace(HEALTHY, **changes)


@pytest.fixture
def healthy() -> Healthy:
    return Healthy()
