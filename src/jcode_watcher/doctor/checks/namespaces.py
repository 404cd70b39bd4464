"""Whether pids mean the same to the kernel's programs and to this process."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, fail, ok
from jcode_watcher.doctor.machine import Machine


def check_namespaces(machine: Machine) -> Iterator[Finding]:
    """Judge the pid namespace."""
    if machine.in_host_pids:
        yield ok(
            "pid namespace", "the host's: every process can be looked up by the pid that the kernel tells"
        )
    else:
        yield fail(
            "pid namespace",
            "not the host's: the kernel's pids mean other processes here, so programs, writers and "
            "cgroups cannot be looked up; set hostPID: true",
        )
