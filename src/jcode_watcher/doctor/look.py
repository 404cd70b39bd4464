"""Asks the machine everything, once."""

import os
import platform
from pathlib import Path

from jcode_watcher.doctor.machine import Machine
from jcode_watcher.doctor.probes import bpffs, cgroups, kubernetes, libbpf, memory, namespaces, roots, spool
from jcode_watcher.doctor.probes.mounts import mounts
from jcode_watcher.doctor.probes.tracing import try_tracing
from jcode_watcher.doctor.settings import DoctorSettings
from jcode_watcher.filemon.modes import WATCHES
from jcode_watcher.procmon.privilege import TYPE_INFORMATION, effective_capabilities

INOTIFY_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")


def look(settings: DoctorSettings) -> Machine:
    """Probe the machine. Nothing stays behind: what is made for a try is removed again."""
    mounted = mounts(Path("/proc/self/mountinfo").read_text(errors="surrogateescape"))
    hierarchies = cgroups.hierarchies(mounted)
    library, no_library = libbpf.load()
    return Machine(
        release=platform.release(),
        has_types=TYPE_INFORMATION.exists(),
        capabilities=effective_capabilities(Path("/proc/self/status").read_text()),
        in_host_users=namespaces.is_initial("user"),
        in_host_pids=namespaces.is_initial("pid"),
        libbpf=library,
        libbpf_refusal=no_library,
        tracing=try_tracing(hierarchies.memory or hierarchies.unified),
        memory_free_bytes=memory.free_bytes(hierarchies),
        locked_bytes_max=memory.locked_bytes_max(),
        bpffs_refusal=bpffs.refusal_of_pin(mounted),
        cgroup_v2=hierarchies.unified,
        cgroup_v1_memory=hierarchies.memory,
        inotify_watches_max=int(INOTIFY_WATCHES.read_text()) if INOTIFY_WATCHES.exists() else 0,
        roots=[roots.try_root(root) for root in settings.root],
        modes_built_in=tuple(WATCHES),
        disk=spool.try_disk(settings.state) if settings.state else None,
        spool_bytes_max=settings.spool_bytes_max,
        kubernetes=kubernetes.ask(
            settings.kubernetes_url, settings.service_account, settings.node or os.uname().nodename
        ),
    )
