"""What each process is running, so that its end can say what ended."""

from typing import Final

from msgspec.structs import replace

from jcode_watcher.procmon.decode import KernelFact
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled

PROGRAMS_MAX: Final = 32_768
"""More than twenty times what a busy node runs; about 1 KiB each."""

ANCESTORS_MAX: Final = 32
"""Of one process; a chain of pids that were used again ends there at the latest."""


def same_container(one: Executed, other: Executed) -> bool:
    """Say whether two processes are of one container, as far as the kernel could tell."""
    if one.cgroup_path != other.cgroup_path:
        return False
    # Before a container's name is certain its programs have none.
    return not (one.pinned_hostname and other.pinned_hostname) or one.pinned_hostname == other.pinned_hostname


class Programs:
    """Remembers the latest exec of each living process; the oldest give way at the limit, and are counted."""

    def __init__(self, limit: int = PROGRAMS_MAX) -> None:
        self.forgotten = 0
        self._limit = limit
        # By pid alone, so that a process whose end was lost gives way to the next one of its number. The
        # kernel uses a pid again, so it means a process only together with its start time: `of` checks that.
        self._by_pid: dict[int, Executed] = {}
        self._ended: list[Executed] = []

    def __len__(self) -> int:
        return len(self._by_pid)

    def of(self, pid: int, start_boot_ns: int) -> Executed | None:
        """Give what that very process is running, if it was seen."""
        program = self._by_pid.get(pid)
        return program if program and program.start_boot_ns == start_boot_ns else None

    def ancestors(self, program: Executed) -> list[Executed]:
        """Give the programs that led to this one, its parent's first, up to its container's first process.

        What is not remembered ends the list: a shell that has ended, or a parent outside the container.
        """
        found: list[Executed] = []
        child = program
        while len(found) < ANCESTORS_MAX:
            parent = self._by_pid.get(child.ppid)
            # A parent is older than its child, or its pid is another process's by now.
            if not parent or parent.start_boot_ns > child.start_boot_ns or not same_container(parent, child):
                break
            found.append(parent)
            child = parent
        return found

    def follow(self, fact: KernelFact) -> KernelFact:
        """Take note of a fact, in kernel order, and give it back with what was known of its process."""
        if isinstance(fact, Executed):
            return self._remember(fact)
        if isinstance(fact, Exited):
            return self._forget(fact)
        return self._describe_victim(fact)

    def forget_ended(self) -> None:
        """Forget the programs whose end was followed: not before all that was followed with it is delivered.

        A program and the end of the one that led to it may come in one batch.
        """
        for program in self._ended:
            if self._by_pid.get(program.pid) is program:
                del self._by_pid[program.pid]
        self._ended.clear()

    def _remember(self, fact: Executed) -> Executed:
        before = self.of(fact.pid, fact.start_boot_ns)
        if before:
            # The wall clock may have been set meanwhile; a process has one start time all the same.
            fact = replace(fact, started_ns=before.started_ns)
        self._by_pid.pop(fact.pid, None)
        if len(self._by_pid) >= self._limit:
            del self._by_pid[next(iter(self._by_pid))]
            self.forgotten += 1
        self._by_pid[fact.pid] = fact
        return fact

    def _forget(self, fact: Exited) -> Exited:
        program = self.of(fact.pid, fact.start_boot_ns)
        if not program:
            return fact
        self._ended.append(program)
        # Programs in the kernel that were attached after the exec do not know of it.
        exec_boot_ns = fact.exec_boot_ns or (0 if program.found_running else program.boot_ns)
        return replace(fact, program=program, started_ns=program.started_ns, exec_boot_ns=exec_boot_ns)

    def _describe_victim(self, fact: OomKilled) -> OomKilled:
        if fact.start_boot_ns:
            program = self.of(fact.pid, fact.start_boot_ns)
            return replace(fact, program=program, started_ns=program.started_ns) if program else fact
        # Before Linux 6.8 the kernel tells only the victim's pid. It lives still, so the pid is enough.
        program = self._by_pid.get(fact.pid)
        if not program:
            return fact
        return replace(
            fact,
            program=program,
            **{name: getattr(program, name) for name in OF_THE_PROCESS},
        )


OF_THE_PROCESS: Final = (
    "started_ns",
    "start_boot_ns",
    "ppid",
    "uid",
    "comm",
    "hostname",
    "cgroup_id",
    "memory_cgroup_id",
)
