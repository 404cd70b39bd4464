"""Kernel version."""

from collections.abc import Iterator
from typing import Final

from jcode_watcher.doctor.finding import Finding, fail, ok, warn
from jcode_watcher.doctor.machine import Machine
from jcode_watcher.procmon.privilege import KERNEL_MIN, version_of

FILES_MIN: Final = (5, 17)
"""fanotify events with names and targets."""


def check_kernel(machine: Machine) -> Iterator[Finding]:
    """Judge the version; distributions carry features back, so what is really tried below counts more."""
    version = version_of(machine.release)
    if version < KERNEL_MIN:
        yield fail(
            "kernel", f"{machine.release}: processes need {dotted(KERNEL_MIN)} or newer; boot a newer one"
        )
    elif version < FILES_MIN:
        yield warn("kernel", f"{machine.release}: file mode handles needs {dotted(FILES_MIN)} or newer")
    else:
        yield ok("kernel", machine.release)


def dotted(version: tuple[int, ...]) -> str:
    """Write a version."""
    return ".".join(map(str, version))
