from typing import TYPE_CHECKING

import pytest

from jcode_watcher.events.activity import Build, Run
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.events.process import ProcessExited, ProcessOomKilled, ProcessStarted
from jcode_watcher.procmon.facts import Lost, OomKilled

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts, Reports


GCC = b"/usr/bin/gcc-12"
HW = b"/home/coder/project/hw1"
PROG = HW + b"/prog"
SHA = "a" * 64


def test_a_build_is_placed_and_described(reports: "Reports", facts: "Facts") -> None:
    (draft,) = reports.of_process(facts.executed("gcc -Wall src/a.c /tmp/b.c -o prog", exe=GCC))

    subject, body = draft.subject, draft.body
    assert subject is not None
    assert (subject.course, subject.section, subject.student) == ("os", "1", "2020")
    assert (subject.assignment, subject.workspace, subject.identity) == ("hw1", "os-1-2020", "hostname")
    assert isinstance(body, ProcessStarted)
    assert body.activity == Build(
        family="gcc",
        language="c",
        version="12",
        sources=("src/a.c", "/tmp/b.c"),
        output="prog",
        options=("-Wall",),
        links=True,
        warnings=("-Wall",),
    )


def test_a_run_names_the_saved_sources_it_was_built_from(reports: "Reports", facts: "Facts") -> None:
    compiler = facts.executed("gcc a.c -o prog", exe=GCC, after_ns=10_000_000)
    reports.of_file(facts.saved(after_ns=0))
    reports.of_process(compiler)
    reports.of_file(facts.saved(sha256="b" * 64, previous=SHA, after_ns=35_000_000))
    reports.of_process(facts.exited(compiler, after_ns=20_000_000))

    (draft,) = reports.of_process(facts.executed("./prog", exe=PROG, pid=101, after_ns=30_000_000))

    assert isinstance(draft.body, ProcessStarted)
    assert draft.body.activity == Run(target="prog", built_here=True, built_from=(SHA,))


def test_a_run_is_traced_through_object_files(reports: "Reports", facts: "Facts") -> None:
    reports.of_file(facts.saved())
    for number, line in enumerate(["gcc -c a.c", "gcc a.o -o prog"]):
        compiler = facts.executed(line, exe=GCC, pid=200 + number, after_ns=10_000_000)
        reports.of_process(compiler)
        reports.of_process(facts.exited(compiler, after_ns=20_000_000))

    (draft,) = reports.of_process(facts.executed("./prog", exe=PROG, pid=101, after_ns=30_000_000))

    assert isinstance(draft.body, ProcessStarted)
    assert draft.body.activity == Run(target="prog", built_here=True, built_from=(SHA,))


def test_a_failed_build_wrote_nothing(reports: "Reports", facts: "Facts") -> None:
    compiler = facts.executed("gcc a.c -o prog", exe=GCC)
    reports.of_process(compiler)
    reports.of_process(facts.exited(compiler, exit_code=1, after_ns=1))

    (draft,) = reports.of_process(facts.executed("./prog", exe=PROG, pid=101, after_ns=2))

    assert isinstance(draft.body, ProcessStarted)
    assert draft.body.activity == Run(target="prog")


def test_what_runs_inside_a_build_is_no_build_of_its_own(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("gcc -flto a.c", exe=GCC, pid=100))
    reports.of_process(
        facts.executed("collect2 a.o", exe=b"/usr/lib/gcc/collect2", pid=101, ppid=100, after_ns=1)
    )

    (draft,) = reports.of_process(facts.executed("gcc a.o", exe=GCC, pid=102, ppid=101, after_ns=2))

    assert isinstance(draft.body, ProcessStarted)
    assert draft.body.activity is None


@pytest.mark.parametrize(
    ("line", "exe"),
    [
        ("make", b"/usr/bin/make"),
        ("cmake --build .", b"/usr/bin/cmake"),
        ("timeout 5 gcc a.c", b"/usr/bin/timeout"),
        ("nice gcc a.c", b"/usr/bin/nice"),
        ("bash -c gcc", b"/usr/bin/bash"),
        ("python3 -m mesonbuild", b"/usr/bin/python3"),
        ("uv run a.py", b"/usr/bin/uv"),
    ],
)
def test_a_compiler_is_a_build_whoever_started_it(
    reports: "Reports", facts: "Facts", line: str, exe: bytes
) -> None:
    (outer,) = reports.of_process(facts.executed(line, exe=exe))
    (inner,) = reports.of_process(facts.executed("gcc a.c", exe=GCC, pid=101, ppid=100, after_ns=1))

    assert isinstance(outer.body, ProcessStarted)
    assert not isinstance(outer.body.activity, Build)
    assert isinstance(inner.body, ProcessStarted)
    assert isinstance(inner.body.activity, Build)


def test_a_cache_that_runs_the_compiler_is_one_build_with_it(reports: "Reports", facts: "Facts") -> None:
    cache = facts.executed("ccache gcc a.c", exe=b"/usr/bin/ccache")
    (outer,) = reports.of_process(cache)
    (inner,) = reports.of_process(facts.executed("gcc a.c", exe=GCC, pid=101, ppid=100, after_ns=1))

    assert isinstance(outer.body, ProcessStarted)
    assert isinstance(outer.body.activity, Build)
    assert isinstance(inner.body, ProcessStarted)
    assert inner.body.activity is None


def test_a_script_is_the_run_of_the_interpreter_that_it_names(reports: "Reports", facts: "Facts") -> None:
    (env,) = reports.of_process(facts.executed("/usr/bin/env python3 ./a.py", exe=b"/usr/bin/env"))
    (script,) = reports.of_process(facts.executed("python3 ./a.py", exe=b"/usr/bin/python3.11", after_ns=1))

    assert isinstance(env.body, ProcessStarted)
    assert env.body.activity is None
    assert isinstance(script.body, ProcessStarted)
    assert script.body.activity == Run(target="a.py", interpreter="python", version="3.11")


def test_an_end_carries_what_was_running_and_how_it_ended(reports: "Reports", facts: "Facts") -> None:
    program = facts.executed("./prog x", exe=PROG)
    reports.of_process(program)

    (draft,) = reports.of_process(facts.exited(program, exit_code=None, signal=11, after_ns=5))

    body = draft.body
    assert isinstance(body, ProcessExited)
    assert (body.exit_code, body.signal, body.argv) == (None, "SIGSEGV", ("./prog", "x"))
    assert body.activity == Run(target="prog")
    assert (body.duration_us, body.user_us, body.system_us) == (1_000, 3, 4)
    assert draft.subject is not None
    assert draft.subject.assignment == "hw1"


def test_an_end_is_whole_also_where_the_beginning_was_not_seen(reports: "Reports", facts: "Facts") -> None:
    (draft,) = reports.of_process(facts.exited(facts.executed("python3 a.py", exe=b"/usr/bin/python3.11")))

    assert isinstance(draft.body, ProcessExited)
    assert draft.body.activity == Run(target="a.py", interpreter="python", version="3.11")


def test_a_mere_fork_is_placed_with_its_parent_and_is_no_run(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("./prog", exe=PROG, pid=100, ppid=1))

    (draft,) = reports.of_process(facts.exited(pid=101, ppid=100, after_ns=1))

    assert isinstance(draft.body, ProcessExited)
    assert (draft.body.activity, draft.body.exe) == (None, "")
    assert draft.subject is not None
    assert draft.subject.assignment == "hw1"


def test_a_process_found_running_is_known_but_not_said_to_start(reports: "Reports", facts: "Facts") -> None:
    program = facts.executed("./prog", exe=PROG, found_running=True)

    assert reports.of_process(program) == []
    (draft,) = reports.of_process(facts.exited(program, after_ns=1))
    assert isinstance(draft.body, ProcessExited)
    assert draft.body.activity == Run(target="prog")


def test_an_out_of_memory_kill_speaks_of_the_victim(reports: "Reports", facts: "Facts") -> None:
    program = facts.executed("./prog", exe=PROG)
    reports.of_process(program)
    killed = OomKilled(
        time_ns=program.time_ns + 1,
        boot_ns=program.boot_ns + 1,
        pid=program.pid,
        started_ns=program.started_ns,
        start_boot_ns=program.start_boot_ns,
        ppid=1,
        uid=1000,
        comm=b"prog",
        hostname=b"jcode-os-1-2020",
        cgroup_id=1,
        memory_cgroup_id=2**63,
        identity="hostname",
        total_vm_bytes=3,
        anon_rss_bytes=2,
        file_rss_bytes=1,
        oom_score_adj=-5,
        program=program,
    )

    (draft,) = reports.of_process(killed)

    body = draft.body
    assert isinstance(body, ProcessOomKilled)
    assert (body.argv, body.exe, body.activity) == (("./prog",), PROG.decode(), Run(target="prog"))
    assert body.memory_cgroup_id == str(2**63)


def test_a_loss_becomes_a_gap(reports: "Reports") -> None:
    (draft,) = reports.of_process(
        Lost(stage="kernel", reason="ring_full", count=7, since_ns=1_000, until_ns=2_000)
    )

    assert draft.body == MonitorGap(
        stage="kernel",
        reason="ring_full",
        count=7,
        since="1970-01-01T00:00:00.000001Z",
        until="1970-01-01T00:00:00.000002Z",
    )


@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (34, "SIGRTMIN"), (36, "SIGRTMIN+2")])
def test_every_signal_has_a_name(reports: "Reports", facts: "Facts", number: int, name: str) -> None:
    (draft,) = reports.of_process(facts.exited(exit_code=None, signal=number))

    assert isinstance(draft.body, ProcessExited)
    assert draft.body.signal == name
