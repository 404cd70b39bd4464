"""Which program each process was running, and when: live ones and those that ended lately."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from jcode_watcher.agent.classifying.builds import BuildFiles
from jcode_watcher.events import Subject
from jcode_watcher.events.activity import Activity

PROCESSES_MAX = 16_384
ENDED_MAX = 8_192
"""Of those that ended and may still have written what is not told yet; about 0.6 KiB each. At 2,000 a second,
a container's allowance, that is four seconds' worth: more than a save is late."""
ENDED_ARGUMENTS_CHARACTERS_MAX = 512
"""What is kept of the command line of one that ended."""
PROGRAMS_A_PROCESS_MAX = 8
"""A process that executes program after program is remembered with the latest."""
ANCESTORS_MAX = 16
ENDED_NS_MAX = 5_000_000_000
"""How long after its end a process may still be meant by its pid: what it did may be reported late."""
DOUBT_NS = 1_000_000_000
"""How much longer than needed a process is remembered, as one clock may be ahead of another."""
SHARED_MAX = 1_024


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
    is_build: bool = False
    """Whether it is a compiler's driver at work; known also when `activity` is let go of."""
    forked: bool = False
    """Whether it still ran what its parent ran."""
    is_on_machine: bool = False
    """Whether it was seen in the machine's own UTS namespace, so in no container."""
    ended_ns: int | None = None


class Programs:
    """The table of processes. Forgets the process that was heard of longest ago, ended ones first."""

    def __init__(self, processes_max: int = PROCESSES_MAX, ended_max: int = ENDED_MAX) -> None:
        self._live: OrderedDict[int, list[Program]] = OrderedDict()
        self._ended: OrderedDict[int, list[Program]] = OrderedDict()
        self.forgotten_until_ns = 0
        """Of those for which there was no room, when the last had ended."""
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
        for each in known:
            let_go(each)
        # A pid that was used again soon after is remembered with both of its lives.
        self._ended[program.pid] = [*self._ended.pop(program.pid, []), *known][-PROGRAMS_A_PROCESS_MAX:]
        if len(self._ended) > self._ended_max:
            self._forget_oldest_ended()
        self._forget()

    def forget_ended(self, before_ns: int) -> None:
        """Forget those that ended before a time, as all that happened until then is told."""
        while self._ended:
            oldest = next(iter(self._ended.values()))[-1]
            if (oldest.ended_ns or 0) >= before_ns - DOUBT_NS:
                return
            self._ended.popitem(last=False)

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

    def _forget(self) -> None:
        while len(self) > self._processes_max:
            if self._ended:
                self._forget_oldest_ended()
            else:
                self._live.popitem(last=False)

    def _forget_oldest_ended(self) -> None:
        _, programs = self._ended.popitem(last=False)
        self.forgotten_until_ns = max(self.forgotten_until_ns, programs[-1].ended_ns or 0)


def let_go(program: Program) -> None:
    """Leave of a program that ended what is told of a writer."""
    program.activity = program.files = None
    program.subject = shared_subject(program.subject)
    program.comm, program.exe = shared_name(program.comm), shared_name(program.exe)
    left = ENDED_ARGUMENTS_CHARACTERS_MAX
    for number, argument in enumerate(program.argv):
        left -= len(argument)
        if left < 0:
            program.argv = program.argv[:number]
            return


@lru_cache(SHARED_MAX)
def shared_subject(subject: Subject | None) -> Subject | None:
    """Give the one of all equal subjects that is kept: a container's programs have the same."""
    return subject


@lru_cache(SHARED_MAX)
def shared_name(name: str) -> str:
    """Give the one of all equal names that is kept; interned, each new one would make Python's table grow."""
    return name
