"""What the probes found: all that the checks know."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec


class Tracing(msgspec.Struct, frozen=True, kw_only=True):
    """What came of really loading the BPF programs."""

    refusal: str = ""
    """Why they could not be loaded or attached; empty where they could."""
    loaded_ms: float = 0.0
    """To load, attach and list what runs."""
    running: int = 0
    """Processes that the kernel told of."""
    memory_cgroups: int = 0
    """Different memory cgroups in which they are."""
    memory_cgroups_found: int = 0
    """Of those, how many have their folder below a cgroup mount of this process."""


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """What came of really watching one folder of workspaces."""

    path: Path
    filesystem: str = ""
    """Type, as the kernel names it; empty where the folder cannot be reached."""
    refusals: Mapping[str, str] = {}
    """Why a mode does not work, for each mode that was tried; empty text where it works."""


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """What came of really writing where the spool will be."""

    folder: Path
    """The state folder, or the nearest folder above it that exists."""
    refusal: str = ""
    free_bytes: int = 0
    fsync_ms: float = 0.0
    """Median."""


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The machine, as this process sees it."""

    release: str
    has_types: bool
    capabilities: int
    """The effective ones, as a mask."""
    in_host_users: bool
    """Whether the user namespace is the initial one, in which alone capabilities are good for tracing."""
    in_host_pids: bool
    libbpf: str = ""
    """File of the loaded library."""
    libbpf_refusal: str = ""
    tracing: Tracing
    memory_free_bytes: int
    """Of the machine or of this process's memory cgroup, whichever is less."""
    locked_bytes_max: int
    """RLIMIT_MEMLOCK; -1 is no limit."""
    bpffs_refusal: str = ""
    """Why nothing can be pinned; empty where it can."""
    cgroup_v2: Path | None = None
    cgroup_v1_memory: Path | None = None
    inotify_watches_max: int = 0
    roots: Sequence[Root] = ()
    modes_built_in: Sequence[str] = ()
    disk: Disk | None = None
    spool_bytes_max: int
    kubernetes: str | None = None
    """What the Kubernetes API answered: empty is well, else a refusal; None where this is not a pod."""
