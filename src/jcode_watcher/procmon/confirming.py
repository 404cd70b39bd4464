"""Whether a cgroup is one container's, judged by who lives in it. Pure."""

from collections.abc import Sequence
from typing import Final

from jcode_watcher.procmon.record import Member, Pin

INITIAL_UTS_INUM: Final = 0xEFFFFFFE
INITIAL_PID_INUM: Final = 0xEFFFFFFC
"""Of the machine's own namespaces (PROC_UTS_INIT_INO, PROC_PID_INIT_INO)."""


def first_of(members: Sequence[Member]) -> Member | None:
    """Give the container's first process: the oldest with a hostname that not just anyone could set."""
    named = [member for member in members if not member.is_foreign and member.uts_inum != INITIAL_UTS_INUM]
    return min(named, key=lambda member: member.start_boot_ns, default=None)


def strangers_to(first: Member, members: Sequence[Member]) -> list[Member]:
    """Give the processes that are of another host than the container's first process."""
    return [member for member in members if not member.is_foreign and _is_stranger(member, first)]


def confirmed_name(pin: Pin, first: Member, prefixes: tuple[bytes, ...]) -> bytes | None:
    """Give the hostname of a cgroup without strangers; None where it is no container of ours.

    It is the one at first sight, whatever the first process calls itself by now. Only in a container that ran
    before may the first that was met have been somebody who had taken another name.
    """
    if first.uts_inum == pin.uts_inum:
        return pin.hostname
    if not first.hostname.startswith(prefixes):
        return None
    return first.hostname if pin.ran_before else pin.hostname


def _is_stranger(member: Member, first: Member) -> bool:
    if member.uts_inum == first.uts_inum:
        return False
    # What made the container and waits for its first process, from outside the namespaces.
    if first.namespace_pid == 1 and member.pid == first.ppid:
        return False
    # In one pid namespace of its own with the first: a container's root may have made a UTS namespace.
    return not (member.pid_inum == first.pid_inum != INITIAL_PID_INUM)
