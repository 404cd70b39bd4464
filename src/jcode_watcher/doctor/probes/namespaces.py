"""Whether this process is in the namespaces in which the machine started."""

from pathlib import Path
from typing import Final

INITIAL: Final = {"user": 0xEFFFFFFD, "pid": 0xEFFFFFFC}
"""Inode numbers of the initial namespaces, fixed in the kernel (linux/proc_ns.h)."""


def is_initial(kind: str) -> bool:
    """Tell whether the namespace of this kind is the initial one."""
    return Path(f"/proc/self/ns/{kind}").stat().st_ino == INITIAL[kind]
