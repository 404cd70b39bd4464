"""Which program wrote a file: pid and time, joined with the table of processes."""

from collections.abc import Callable, Iterator

from jcode_watcher.agent.placing.places import Workspace
from jcode_watcher.agent.writers.deeds import Deed
from jcode_watcher.agent.writers.programs import ANCESTORS_MAX, Program, Programs
from jcode_watcher.agent.writers.records import Records
from jcode_watcher.agent.writers.roles import role_of
from jcode_watcher.events import Subject
from jcode_watcher.events.file import Role, Whose, Writer

START_LATE_NS = 20_000_000
"""How much later than a save a process of the same pid may seem to have started: /proc counts in ticks."""
FIRST = 1
"""The machine's first process: it adopts whose parent has ended."""

Look = Callable[[int], Program | None]


class Writers:
    """Names writers. What was seen in /proc is remembered until told otherwise: it may be gone next time."""

    def __init__(self, programs: Programs, look: Look, records: Records) -> None:
        """Take the table of processes, and a way to look at a live process that is not in it."""
        self._programs = programs
        self._look = look
        self._records = records
        self._seen: dict[int, Program] = {}
        self._gone: dict[int, int] = {}
        """When a process was found gone, by pid."""
        self._told_until_ns = 0

    def is_known(self, deed: Deed) -> bool:
        """Tell whether no record that is still to come could tell more of who did it."""
        if not deed.pid:
            return True
        program = self._program(deed)
        if program is None:
            return False
        return not is_mere_fork(program) or program.ppid <= FIRST or self._inherited(program) is not None

    def writer(self, deed: Deed) -> Writer:
        """Give who did it; role `unknown` where neither table nor /proc knows it."""
        program = self._program(deed)
        if program is None:
            return Writer(pid=deed.pid, whose="machine" if self._is_unrecorded(deed) else "unknown")
        shown = self._shown(program)
        subject = self._subject(program)
        return Writer(
            pid=deed.pid,
            comm=program.comm or shown.comm,
            exe=shown.exe,
            argv=shown.argv,
            container_id=subject.container_id if subject else None,
            student=other_student(subject, deed.owner),
            role=self._role(program, shown),
            whose=whose(subject, program, deed.owner),
            identity=subject.identity if subject else "unknown",
        )

    def told_until(self, time_ns: int) -> None:
        """Take note up to when all that happened to processes is in the table."""
        self._told_until_ns = time_ns

    def forget_seen(self) -> None:
        """Look anew from now on."""
        self._seen.clear()
        self._gone.clear()
        self._records.note()

    def _is_unrecorded(self, deed: Deed) -> bool:
        """Tell whether who did it was in no container that is watched: there, its end would be recorded."""
        gone_ns = self._gone.get(deed.pid)
        return (
            gone_ns is not None
            and gone_ns <= self._told_until_ns
            and self._programs.forgotten_until_ns < deed.since_ns
            and self._records.are_whole_since(deed.since_ns)
        )

    def _program(self, deed: Deed) -> Program | None:
        if not deed.pid:
            return None
        known = self._programs.at(deed.pid, deed.time_ns)
        if known is not None:
            return known
        seen = self._see(deed.pid)
        # A process that is younger than the save has only got the writer's pid.
        return seen if seen and seen.began_ns <= deed.time_ns + START_LATE_NS else None

    def _see(self, pid: int) -> Program | None:
        if pid in self._gone:
            return None
        seen = self._seen.get(pid) or self._look(pid)
        if seen is None:
            self._gone[pid] = self._records.now_ns()
        else:
            self._seen[pid] = seen
        return seen

    def _shown(self, program: Program) -> Program:
        """Give the program whose code ran: of a child that only forked, its parent's."""
        inherited = self._inherited(program) if is_mere_fork(program) else None
        # An orphan has another parent than the one it was forked from; its short name is its own.
        return inherited if inherited is not None and inherited.comm == program.comm else program

    def _inherited(self, forked: Program) -> Program | None:
        return next((above for above in self._line(forked) if not is_mere_fork(above)), None)

    def _subject(self, program: Program) -> Subject | None:
        """Give whose container it ran in: of a process that only forked, its ancestors'."""
        if program.is_on_machine:
            return None
        return next((known.subject for known in self._line(program) if known.subject is not None), None)

    def _line(self, program: Program) -> Iterator[Program]:
        """Give a program and what led to it, by records, or as it is seen where there is none."""
        for _ in range(ANCESTORS_MAX):
            yield program
            if program.ppid <= FIRST:
                return
            parent = self._programs.at(program.ppid, program.began_ns) or self._see(program.ppid)
            if parent is None:
                return
            program = parent

    def _role(self, program: Program, shown: Program) -> Role:
        """Give the role; a helper of a build (whatever its name) is the compiler."""
        role = role_of(shown.exe, shown.argv, program.comm)
        if role != "other":
            return role
        return "compiler" if any(above.is_build for above in self._programs.ancestors(program)) else role


def is_mere_fork(program: Program) -> bool:
    """Tell whether it is known only that a process was forked, and not what from."""
    return program.forked and not program.exe


def whose(subject: Subject | None, program: Program, owner: Workspace) -> Whose:
    """Say from whose container it was done."""
    if subject is not None and subject.student is not None:
        return "owner" if subject.student == owner.student else "another"
    return "machine" if program.is_on_machine else "unknown"


def other_student(subject: Subject | None, owner: Workspace) -> str | None:
    """Name the writer's student where it is not the owner of the workspace."""
    if subject is None or subject.student is None:
        return None
    return subject.student if subject.student != owner.student else None
