"""Which program each process was running, and when: live ones and those that ended lately."""

from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from jcode_watcher.agent.classifying.builds import BuildFiles
from jcode_watcher.events import Subject
from jcode_watcher.events.activity import Activity

PROCESSES_MAX = 16_384
ENDED_MAX = 1_024
"""Of those that ended; about 2 KiB each. At 2,000 a second, a container's allowance, that is half a second's,
and a save waits half of that for its writer."""
PROGRAMS_A_PROCESS_MAX = 8
"""A process that executes program after program is remembered with the latest."""
ANCESTORS_MAX = 16
ENDED_NS_MAX = 5_000_000_000
"""How long after its end a process may still be meant by its pid: what it did may be reported late."""


class Program(msgspec.Struct, kw_only=True):
    """One program that a process ran. Text is as in events; times are wall clock nanoseconds."""

    pid: int
    start_boot_ns: int
    began_ns: int
    """When it executed the program; when it was forked where it never executed one."""
    ppid: int
    comm: str = ""
    exe: str = ""
    argv: tuple[str, ...] = ()
    subject: Subject | None = None
    activity: Activity | None = None
    files: BuildFiles | None = None
    """Of a build."""
    forked: bool = False
    """Whether it still ran what its parent ran."""
    ended_ns: int | None = None


class Programs:
    """The table of processes. Forgets the process that was heard of longest ago, ended ones first."""

    def __init__(self, processes_max: int = PROCESSES_MAX, ended_max: int = ENDED_MAX) -> None:
        self._live: OrderedDict[int, list[Program]] = OrderedDict()
        self._ended: OrderedDict[int, list[Program]] = OrderedDict()
        self._processes_max = processes_max
        self._ended_max = ended_max

    def __len__(self) -> int:
        """Count the processes remembered."""
        return len(self._live) + len(self._ended)

    def began(self, program: Program) -> None:
        """Remember that a process runs a program; what it ran before is kept."""
        before = self._live.pop(program.pid, [])
        same = [earlier for earlier in before if earlier.start_boot_ns == program.start_boot_ns]
        self._live[program.pid] = [*same, program][-PROGRAMS_A_PROCESS_MAX:]
        self._forget()

    def ended(self, program: Program, ended_ns: int) -> None:
        """Remember that a process ended, running `program` if nothing was known of it."""
        known = self._live.pop(program.pid, [])
        if not known or known[-1].start_boot_ns != program.start_boot_ns:
            known = [program]
        known[-1].ended_ns = ended_ns
        # A pid that was used again soon after is remembered with both of its lives.
        self._ended[program.pid] = [*self._ended.pop(program.pid, []), *known][-PROGRAMS_A_PROCESS_MAX:]
        self._forget_ended(ended_ns - ENDED_NS_MAX)
        self._forget()

    def at(self, pid: int, time_ns: int) -> Program | None:
        """Give the program that `pid` ran at a time, or ran last shortly before it."""
        known = (*self._ended.get(pid, ()), *self._live.get(pid, ()))
        program = next((program for program in reversed(known) if program.began_ns <= time_ns), None)
        if program is None or program.ended_ns is None:
            return program
        return program if time_ns <= program.ended_ns + ENDED_NS_MAX else None

    def running(self, pid: int, start_boot_ns: int) -> Program | None:
        """Give the latest program of exactly this process."""
        for programs in (self._live.get(pid, ()), self._ended.get(pid, ())):
            if programs and programs[-1].start_boot_ns == start_boot_ns:
                return programs[-1]
        return None

    def ancestors(self, program: Program) -> Iterator[Program]:
        """Give the parent, its parent and so on, as far as they are known."""
        for _ in range(ANCESTORS_MAX):
            parent = self.at(program.ppid, program.began_ns) if program.ppid else None
            if parent is None or parent is program:
                return
            yield parent
            program = parent

    def _forget_ended(self, before_ns: int) -> None:
        """Forget those that nobody can mean any more, and the oldest beyond the limit."""
        while self._ended:
            oldest = next(iter(self._ended.values()))[-1]
            if len(self._ended) <= self._ended_max and (oldest.ended_ns or 0) >= before_ns:
                return
            self._ended.popitem(last=False)

    def _forget(self) -> None:
        while len(self) > self._processes_max:
            (self._ended or self._live).popitem(last=False)
