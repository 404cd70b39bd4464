"""Each capability by its name, with what it is for."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from jcode_watcher.doctor.finding import Finding, fail, ok, warn
from jcode_watcher.doctor.machine import Machine

SYS_ADMIN: Final = 21


class Capability(NamedTuple):
    """One capability (linux/capability.h)."""

    bit: int
    name: str
    purpose: str
    without: str
    needed: bool = False
    """Whether a whole part of the agent does not work without it."""
    implied_by_admin: bool = False


CAPABILITIES: Final = (
    Capability(39, "CAP_BPF", "load BPF programs and their ring", "no processes", True, True),
    Capability(38, "CAP_PERFMON", "attach them to exec, exit and OOM kill", "no processes", True, True),
    Capability(
        19,
        "CAP_SYS_PTRACE",
        "read /proc/PID/{cwd,exe,root} of other users",
        "programs that ran before the agent, and who wrote a file, stay unknown",
    ),
    Capability(
        2,
        "CAP_DAC_READ_SEARCH",
        "open saved files by handle, whoever owns them",
        "file mode handles does not work",
    ),
    Capability(
        SYS_ADMIN,
        "CAP_SYS_ADMIN",
        "put fanotify marks on a whole file system",
        "file modes handles and descriptors do not work",
    ),
)


def check_capabilities(machine: Machine) -> Iterator[Finding]:
    """Judge each; outside the host's user namespace even a full set is good for nothing here."""
    if not machine.in_host_users:
        yield fail(
            "user namespace",
            "not the host's: its capabilities count for neither BPF nor fanotify; run in the host's",
        )
    for capability in CAPABILITIES:
        if held(capability, machine.capabilities):
            yield ok(capability.name, f"to {capability.purpose}")
        else:
            say = fail if capability.needed else warn
            yield say(
                capability.name,
                f"missing: needed to {capability.purpose}; {capability.without}; run as root, or grant it",
            )


def held(capability: Capability, effective: int) -> bool:
    """Tell whether it is there, or one that stands for it."""
    by_admin = capability.implied_by_admin and effective >> SYS_ADMIN & 1
    return bool(effective >> capability.bit & 1 or by_admin)
