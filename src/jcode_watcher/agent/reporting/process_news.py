"""Turns facts about processes into events, and remembers who ran what."""

from msgspec.structs import replace

from jcode_watcher.agent.classifying.builds import Builds
from jcode_watcher.agent.classifying.sightings import Observer
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.reporting.monitor_bodies import lost_body
from jcode_watcher.agent.reporting.process_bodies import (
    exited_body,
    mismatched_body,
    oom_killed_body,
    started_body,
)
from jcode_watcher.agent.writers.programs import Program, Programs
from jcode_watcher.events import Subject, to_text
from jcode_watcher.events.activity import Build
from jcode_watcher.procmon.facts import Executed, Exited, Fact, Lost, OomKilled

WRITER_ARGUMENTS_MAX = 16
WRITER_ARGUMENT_CHARACTERS_MAX = 256
"""What is remembered of a command line in case its program writes a file."""
CLAIMS_MAX = 1_024
"""False claims that are remembered as told: a container that goes on claiming is told of once."""


class ProcessReporter:
    """Reports on processes. Used by the keeper's thread only."""

    def __init__(self, observer: Observer, programs: Programs, builds: Builds) -> None:
        self._observer = observer
        self._programs = programs
        self._builds = builds
        self._claims: dict[tuple[bytes, bytes], None] = {}

    def drafts(self, fact: Fact) -> list[Draft]:
        """Give the event of a fact; none for a process that only was found running."""
        match fact:
            case Executed():
                program = self._begin(fact)
                claimed = self._mismatch(fact, program)
                if fact.found_running:
                    return claimed
                return [*claimed, Draft(fact.time_ns, program.subject, started_body(fact, program.activity))]
            case Exited():
                return [self._exited(fact)]
            case OomKilled():
                return [self._oom_killed(fact)]
            case Lost():
                return [Draft(fact.until_ns, None, lost_body(fact))]

    def kept_until(self, time_ns: int) -> None:
        """Forget the processes that nobody can mean any more, as all that was done before a time is kept."""
        self._programs.forget_ended(time_ns)

    def _mismatch(self, fact: Executed, program: Program) -> list[Draft]:
        """Say once of each container that it claims another name than its own."""
        claim = (fact.pinned_hostname, fact.hostname)
        if fact.identity != "mismatch" or claim in self._claims:
            return []
        self._claims[claim] = None
        if len(self._claims) > CLAIMS_MAX:
            del self._claims[next(iter(self._claims))]
        return [Draft(fact.time_ns, program.subject, mismatched_body(fact))]

    def _begin(self, fact: Executed) -> Program:
        program = Program(
            pid=fact.pid,
            start_boot_ns=fact.start_boot_ns,
            began_ns=fact.time_ns,
            ppid=fact.ppid,
            comm=to_text(fact.comm),
            exe=to_text(fact.exe),
            argv=shortened(fact.argv),
        )
        seen = self._observer.see(fact, in_build=self._is_in_build(program))
        program.subject, program.activity, program.files = seen
        program.is_build = isinstance(program.activity, Build)
        self._programs.began(program)
        return program

    def _is_in_build(self, program: Program) -> bool:
        return any(above.is_build for above in self._programs.ancestors(program))

    def _exited(self, fact: Exited) -> Draft:
        program = self._program(fact, fact.program)
        executed = None if program.forked else fact.program
        if fact.exit_code == 0 and program.files:
            self._builds.remember(program.files, program.began_ns)
        told = Draft(fact.time_ns, program.subject, exited_body(fact, executed, program.activity))
        # It lets go of what was told.
        self._programs.ended(program, fact.time_ns)
        return told

    def _oom_killed(self, fact: OomKilled) -> Draft:
        program = self._program(fact, fact.program)
        executed = None if program.forked else fact.program
        return Draft(fact.time_ns, program.subject, oom_killed_body(fact, executed, program.activity))

    def _program(self, fact: Exited | OomKilled, executed: Executed | None) -> Program:
        """Give what a process was running: by the fact, by memory, or what is known of a mere fork."""
        known = self._programs.running(fact.pid, fact.start_boot_ns)
        own = executed if executed is not None and executed.pid == fact.pid else None
        if own is not None and (known is None or known.began_ns < own.time_ns):
            return self._begin(own)
        if known is not None:
            return known
        forked = Program(
            pid=fact.pid,
            start_boot_ns=fact.start_boot_ns,
            began_ns=fact.started_ns,
            ppid=fact.ppid,
            comm=to_text(fact.comm),
            forked=True,
        )
        forked.subject = self._inherited(forked, self._observer.see_origin(fact))
        return forked

    def _inherited(self, forked: Program, subject: Subject) -> Subject:
        """Give the place of the program that a forked child shares, where it is the same student's."""
        parent = next(self._programs.ancestors(forked), None)
        if parent is None or parent.subject is None:
            return subject
        if parent.subject.workspace != subject.workspace:
            return subject
        return replace(parent.subject, identity=subject.identity)


def shortened(argv: tuple[bytes, ...]) -> tuple[str, ...]:
    """Give the beginning of a command line."""
    first = argv[:WRITER_ARGUMENTS_MAX]
    return tuple(to_text(argument[:WRITER_ARGUMENT_CHARACTERS_MAX]) for argument in first)
