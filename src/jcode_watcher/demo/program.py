"""`jcode-watcher demo`: the order of the hour."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from jcode_watcher.demo.compare import Gap, Verdict, compare
from jcode_watcher.demo.errors import CannotStart
from jcode_watcher.demo.settings import DemoSettings
from jcode_watcher.demo.stored import Reader, gaps_of, stored_of
from jcode_watcher.demo.student import Student
from jcode_watcher.demo.supervised import Supervised
from jcode_watcher.demo.table import LiveTable, lines_of, verdict_lines

NEEDED_PROGRAMS = ("unshare", "setpriv", "gcc", "python3", "sed", "unzip", "vim.tiny", "timeout")
DRAW_SECONDS = 1.0
SETTLE_SECONDS_MAX = 30.0
"""How long after the class events may still be on their way."""
SETTLE_STEP_SECONDS = 0.5
NODE = "demo"


def run(settings: DemoSettings) -> int:
    """Hold the class; give 0 only if nothing that was done is missing or wrong in the store."""
    refuse_early()
    over, ended = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        over.set()
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jcode-watcher-demo-")))
        programs = start_programs(stack, folder, settings)
        reader = Reader(programs[0].ready["url"], (folder / "data/tokens/reader").read_text().strip())
        announce(programs, folder, settings)
        students = [
            Student(number, settings.hostname_prefix, folder / "workspaces", over)
            for number in range(1, settings.students + 1)
        ]
        hold_class(students, reader, over, settings.seconds)
        verdicts = settle(students, reader)
        print("\n".join([*gap_lines(reader), *faults_of(verdicts), *verdict_lines(verdicts)]), flush=True)
        if not settings.once and not ended.is_set():
            print("the class is over; the dashboard stays until Ctrl-C", flush=True)
            ended.wait()
    return int(any(verdict.missing or verdict.wrong for verdict in verdicts))


def refuse_early() -> None:
    """Say in one line what this machine lacks."""
    if os.geteuid() != 0:
        raise CannotStart(
            "the demo makes namespaces and cgroups and loads BPF programs: run it as root (sudo)"
        )
    missing = [program for program in NEEDED_PROGRAMS if shutil.which(program) is None]
    if missing:
        raise CannotStart(f"not installed: {', '.join(missing)}; `make build` installs what is needed")


def start_programs(stack: ExitStack, folder: Path, settings: DemoSettings) -> tuple[Supervised, Supervised]:
    """Start the service, then the agent; both end with the stack."""
    workspaces = folder / "workspaces"
    workspaces.mkdir()
    data = folder / "data"
    serve = ["serve", "--data", str(data), "--listen", settings.listen]
    service = Supervised("service", serve, folder / "service.log")
    stack.callback(service.stop)
    # A service that is started again must be found where it was.
    service.arguments[-1] = service.ready["listen"]
    agent = [
        "agent",
        "--root",
        str(workspaces),
        "--server",
        service.ready["url"],
        "--state",
        str(folder / "state"),
    ]
    agent += ["--token-file", str(data / "tokens/agent"), "--node", NODE, "--listen", "127.0.0.1:0"]
    agent += ["--hostname-prefix", settings.hostname_prefix]
    watcher = Supervised("agent", agent, folder / "agent.log")
    stack.callback(watcher.stop)
    return service, watcher


def announce(programs: Sequence[Supervised], folder: Path, settings: DemoSettings) -> None:
    """Say where everything is."""
    service, agent = programs
    print(f"dashboard   {service.ready['url']}")
    print(f"sign in     with the token in {folder}/data/tokens/reader: {reader_token(folder)}")
    print(f"processes   service {service.pid}, agent {agent.pid} (either is started again if it dies)")
    print(f"class       {settings.students} students for {settings.seconds} seconds", flush=True)


def reader_token(folder: Path) -> str:
    """Give the token of this throw-away service, on a terminal only."""
    return (folder / "data/tokens/reader").read_text().strip() if os.isatty(1) else "(shown on a terminal)"


def hold_class(students: Sequence[Student], reader: Reader, over: threading.Event, seconds: int) -> None:
    """Let the students work; draw how far each is; wait until the last has finished the lesson."""
    for student in students:
        student.thread.start()
    table = LiveTable()
    deadline = time.monotonic() + seconds
    while any(student.thread.is_alive() for student in students):
        over.wait(min(DRAW_SECONDS, max(0.05, deadline - time.monotonic())))
        if time.monotonic() >= deadline:
            over.set()
        table.draw(progress(students, reader))
        students[0].thread.join(0 if not over.is_set() else DRAW_SECONDS)
    for student in students:
        student.thread.join()
        if student.failure is not None:
            raise student.failure


def progress(students: Sequence[Student], reader: Reader) -> list[str]:
    """Give a row a student: what was done, and what the service counts."""
    try:
        counted = {s["student"]: s for s in reader.get("/v1/sections/os-1/students")["students"]}
    except ConnectionError as error:
        return [f"the service does not answer: {error}"]
    columns = ("saves", "builds", "failed_builds", "runs", "failed_runs", "crashes", "oom_kills")
    rows = [
        (s.ledger.student, len(s.deeds()), *(counted.get(s.ledger.student, {}).get(c, 0) for c in columns))
        for s in students
    ]
    return lines_of(("student", "done", *(c.replace("_", " ") for c in columns)), rows)


def settle(students: Sequence[Student], reader: Reader) -> list[Verdict]:
    """Compare until nothing is on its way any more: all stored, or no more time."""
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while True:
        try:
            verdicts = judge(students, reader)
        except ConnectionError:
            verdicts = []
        settled = verdicts and not any(verdict.missing or verdict.wrong for verdict in verdicts)
        if settled or time.monotonic() >= deadline:
            if not verdicts:
                raise CannotStart("the service did not answer at the end of the class")
            return verdicts
        threading.Event().wait(SETTLE_STEP_SECONDS)


def judge(students: Sequence[Student], reader: Reader) -> list[Verdict]:
    """Compare what each student did with what is stored now."""
    gaps = [Gap.from_body(body) for body in gaps_of(reader)]
    return [
        compare(
            student.ledger.student,
            student.deeds(),
            stored_of(reader, student.ledger.student, {done.assignment for done in student.deeds()}),
            gaps,
        )
        for student in students
    ]


def gap_lines(reader: Reader) -> list[str]:
    """Give one line for each gap that the monitor states of itself."""
    return [f"gap {g['stage']} {g['reason']}: {g['since']} to {g['until']}" for g in gaps_of(reader)]


def faults_of(verdicts: Sequence[Verdict]) -> list[str]:
    """Give one line for each fault."""
    return [fault for verdict in verdicts for fault in verdict.faults]
