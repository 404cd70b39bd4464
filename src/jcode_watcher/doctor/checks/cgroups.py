"""Whether a process's container can be found from what the kernel tells."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, ok, warn
from jcode_watcher.doctor.machine import Machine


def check_cgroups(machine: Machine) -> Iterator[Finding]:
    """Judge which hierarchies there are, then whether the ids of memory cgroups lead to folders."""
    seen = [
        f"{name} at {mount}"
        for name, mount in (("v2", machine.cgroup_v2), ("v1 memory", machine.cgroup_v1_memory))
        if mount
    ]
    if not seen:
        yield warn(
            "cgroups", "none mounted here: containers stay without a name; mount the host's /sys/fs/cgroup"
        )
        return
    yield ok("cgroups", ", ".join(seen))
    yield from memory_cgroups(machine)


def memory_cgroups(machine: Machine) -> Iterator[Finding]:
    """Judge how many of the ids that the kernel told have a folder here."""
    told, found = machine.tracing.memory_cgroups, machine.tracing.memory_cgroups_found
    if machine.tracing.refusal:
        yield warn("memory cgroups", "not tried, as the BPF programs could not be loaded")
    elif found < told:
        yield warn(
            "memory cgroups",
            f"{found} of {told} ids have a folder here: the others' containers stay without a name; "
            "mount the host's whole /sys/fs/cgroup",
        )
    else:
        yield ok("memory cgroups", f"all {told} ids that the kernel told have a folder here")
