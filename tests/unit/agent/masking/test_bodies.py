from jcode_watcher.agent.masking.bodies import masked_body
from jcode_watcher.events import BODIES, Body
from jcode_watcher.events.activity import Build, Run
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved, Writer
from jcode_watcher.events.monitor import MonitorStopped
from jcode_watcher.events.process import ProcessExited, ProcessOomKilled, ProcessStarted

SECRET = "hunter2"
NOW = "2026-03-02T01:02:03.456789Z"
ARGV = ("./p", "--password", SECRET)
WRITER = Writer(argv=ARGV)


def test_every_kind_that_carries_a_command_line_is_masked() -> None:
    bodies: tuple[Body, ...] = (
        ProcessStarted(pid=1, started=NOW, argv=ARGV),
        ProcessExited(pid=1, started=NOW, argv=ARGV),
        ProcessOomKilled(pid=1, comm="p", argv=ARGV),
        FileSaved(path="a.c", size=1, how="closed", writer=WRITER),
        FileDeleted(path="a.c", writer=WRITER),
        FileMoved(path="a.c", destination="b.c", writer=WRITER),
    )
    carrying = {kind for kind in BODIES.values() if {"argv", "writer"} & set(kind.__struct_fields__)}

    assert {type(body) for body in bodies} == carrying
    for body in bodies:
        masked, rules = masked_body(body)
        assert SECRET not in repr(masked)
        assert rules == ("option",)


def test_what_a_student_wrote_is_left_alone() -> None:
    body = FileSaved(path="a.py", size=9, how="closed", content='password = "hunter2"')

    assert masked_body(body).body is body


def test_a_body_without_a_command_line_comes_back_as_it_is() -> None:
    body = MonitorStopped()

    assert masked_body(body) == (body, ())


def test_an_activity_says_the_same_as_the_masked_command_line() -> None:
    token = "-DT=ghp_" + "A" * 36
    build = Build(family="gcc", language="c", sources=("a.c",), options=(token, "-O2"))
    body = ProcessStarted(pid=1, started=NOW, argv=("gcc", token, "-O2", "a.c"), activity=build)

    masked = masked_body(body).body

    assert isinstance(masked, ProcessStarted)
    assert masked.argv == ("gcc", "-DT=***", "-O2", "a.c")
    assert isinstance(masked.activity, Build)
    assert masked.activity.options == ("-DT=***", "-O2")
    assert masked.activity.sources == ("a.c",)


def test_a_secret_that_only_the_activity_shows_is_masked_by_its_shape() -> None:
    body = ProcessStarted(pid=1, started=NOW, activity=Run(target="https://a:hunter2@host/x.py"))

    assert SECRET not in repr(masked_body(body).body)
