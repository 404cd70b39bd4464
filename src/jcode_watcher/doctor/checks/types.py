"""The kernel's description of its own types."""

from collections.abc import Iterator

from jcode_watcher.doctor.finding import Finding, fail, ok
from jcode_watcher.doctor.machine import Machine
from jcode_watcher.procmon.privilege import TYPE_INFORMATION


def check_types(machine: Machine) -> Iterator[Finding]:
    """Judge whether the BPF programs can be fitted to this kernel."""
    if machine.has_types:
        yield ok("BTF", f"{TYPE_INFORMATION} is there: the BPF programs can be fitted to this kernel")
    else:
        yield fail(
            "BTF",
            f"{TYPE_INFORMATION} is missing: no processes; use a kernel built with CONFIG_DEBUG_INFO_BTF",
        )
