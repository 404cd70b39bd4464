"""Which program wrote a file: pid and time, joined with the table of processes."""

from collections.abc import Callable

from jcode_watcher.agent.placing.places import Workspace
from jcode_watcher.agent.writers.programs import Program, Programs
from jcode_watcher.agent.writers.roles import role_of
from jcode_watcher.events import Subject
from jcode_watcher.events.activity import Build
from jcode_watcher.events.file import Role, Writer

START_LATE_NS = 20_000_000
"""How much later than a save a process of the same pid may seem to have started: /proc counts in ticks."""

Look = Callable[[int], Program | None]


class Writers:
    """Names writers; counts their roles for the metrics elsewhere."""

    def __init__(self, programs: Programs, look: Look) -> None:
        """Take the table of processes, and a way to look at a live process that is not in it."""
        self._programs = programs
        self._look = look

    def writer(self, pid: int, time_ns: int, owner: Workspace) -> Writer:
        """Give who wrote at a time with a pid; role `unknown` where neither table nor /proc knows it."""
        program = self._known(pid, time_ns)
        if program is None:
            return Writer(pid=pid)
        shown = self._shown(program)
        return Writer(
            pid=pid,
            comm=program.comm or shown.comm,
            exe=shown.exe,
            argv=shown.argv,
            student=other_student(self._subject(program), owner),
            role=self._role(program, shown),
        )

    def _known(self, pid: int, time_ns: int) -> Program | None:
        if not pid:
            return None
        known = self._programs.at(pid, time_ns)
        if known is not None:
            return known
        seen = self._look(pid)
        # A process that is younger than the save has only got the writer's pid.
        return seen if seen and seen.began_ns <= time_ns + START_LATE_NS else None

    def _shown(self, program: Program) -> Program:
        """Give the program whose code ran: of a child that only forked, its parent's."""
        if program.exe or not program.forked:
            return program
        inherited = next((a for a in self._programs.ancestors(program) if not a.forked), None)
        if inherited is None and program.ppid:
            inherited = self._look(program.ppid)
        # An orphan has another parent than the one it was forked from; its short name is its own.
        return inherited if inherited is not None and inherited.comm == program.comm else program

    def _subject(self, program: Program) -> Subject | None:
        """Give whose container it ran in: of a process that only forked, its ancestors'."""
        line = (program, *self._programs.ancestors(program))
        return next((known.subject for known in line if known.subject is not None), None)

    def _role(self, program: Program, shown: Program) -> Role:
        """Give the role; a helper of a build (whatever its name) is the compiler."""
        role = role_of(shown.exe, shown.argv, program.comm)
        if role != "other":
            return role
        return "compiler" if any(is_build(above) for above in self._programs.ancestors(program)) else role


def is_build(program: Program) -> bool:
    """Tell whether a program is a compiler's driver at work."""
    return isinstance(program.activity, Build)


def other_student(subject: Subject | None, owner: Workspace) -> str | None:
    """Name the writer's student where it is not the owner of the workspace."""
    if subject is None or subject.student is None:
        return None
    return subject.student if subject.student != owner.student else None
