"""The library that loads BPF programs."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, fail, ok
from jcode_watcher.doctor.machine import Machine


def check_libbpf(machine: Machine) -> Iterator[Finding]:
    """Judge whether the extension found it."""
    if machine.libbpf:
        yield ok("libbpf", machine.libbpf)
    else:
        yield fail("libbpf", f"no processes: {machine.libbpf_refusal}; install libbpf1 and build the package")
