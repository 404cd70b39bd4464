"""Whether this process may load BPF programs, and what a refusal means."""

import os
import re
from pathlib import Path
from typing import Final

from jcode_watcher.procmon.errors import (
    CannotTrace,
    KernelTooOld,
    LoadFailed,
    NoPrivilege,
    NoTypeInformation,
    VerifierRefused,
)

TYPE_INFORMATION: Final = Path("/sys/kernel/btf/vmlinux")
KERNEL_MIN: Final = (5, 10)
"""The oldest that was booted; ring buffer, iterators and CAP_BPF came with 5.8."""
CAP_SYS_ADMIN: Final = 21
NEEDED: Final = {38: "CAP_PERFMON", 39: "CAP_BPF"}
SIZES: Final = re.compile(r"^(processed \d+ insns|-- (BEGIN|END) )")


def refusal_of_machine(effective: int, *, has_types: bool) -> CannotTrace | None:
    """Give what stands against loading, before it is tried; `effective` is a mask of capabilities."""
    if missing := missing_capabilities(effective):
        return NoPrivilege(
            f"cannot trace processes: {' and '.join(missing)} missing; run as root, or grant them"
        )
    if not has_types:
        return NoTypeInformation(
            f"cannot trace processes: {TYPE_INFORMATION} is missing; "
            f"use a kernel built with CONFIG_DEBUG_INFO_BTF"
        )
    return None


def missing_capabilities(effective: int) -> list[str]:
    """Name the capabilities that are needed and not there; CAP_SYS_ADMIN stands for all."""
    if effective >> CAP_SYS_ADMIN & 1:
        return []
    return [name for bit, name in NEEDED.items() if not effective >> bit & 1]


def effective_capabilities(status: str) -> int:
    """Read the mask from the text of /proc/self/status."""
    found = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return int(found[1], 16) if found else 0


def refusal_of_load(error: int, log: str, release: str) -> CannotTrace:
    """Tell in one line why loading failed; `error` is a positive errno, `log` what libbpf said."""
    reason = os.strerror(error)
    if version_of(release) < KERNEL_MIN:
        least = ".".join(map(str, KERNEL_MIN))
        return KernelTooOld(
            f"cannot trace processes: kernel {release}; {least} or newer is needed ({reason})"
        )
    if verdict := verdict_of(log):
        return VerifierRefused(
            f"cannot trace processes: kernel {release} refuses the program: {verdict}; report this"
        )
    if error in (1, 13):
        return NoPrivilege(
            f"cannot trace processes: the kernel refuses BPF ({reason}), though the capabilities are there; "
            f"look for lockdown, seccomp or another security module"
        )
    last = log.strip().splitlines()[-1:] or [reason]
    return LoadFailed(f"cannot trace processes: {reason}: {last[0].strip()}")


def verdict_of(log: str) -> str:
    """Give the line in which the verifier says what it does not accept, or nothing where it said nothing."""
    before, ended, _ = log.partition("-- END PROG LOAD LOG --")
    lines = [line.strip() for line in before.splitlines()] if ended else []
    return next((line for line in reversed(lines) if line and not SIZES.match(line)), "")


def version_of(release: str) -> tuple[int, ...]:
    """Give major and minor version of a kernel release such as `6.1.0-18-amd64`."""
    return tuple(int(number) for number in re.findall(r"\d+", release)[:2])
