"""Where the programs could live on while the agent restarts."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, ok, warn
from jcode_watcher.doctor.machine import Machine


def check_bpf_file_system(machine: Machine) -> Iterator[Finding]:
    """Judge whether programs can be pinned."""
    if machine.bpffs_refusal:
        yield warn(
            "bpffs", f"{machine.bpffs_refusal}; without it a restart of the agent is a gap, stated as such"
        )
    else:
        yield ok("bpffs", "writable: programs and ring can outlive a restart of the agent")
