from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from jcode_watcher.events.activity import Build, Run
from jcode_watcher.events.monitor import IdentityMismatched, MonitorGap
from jcode_watcher.events.process import ProcessExited, ProcessOomKilled, ProcessStarted
from jcode_watcher.procmon.facts import Lost, OomKilled

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts, Reports, Stores

    from jcode_watcher.agent.writers.programs import Program

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


def test_a_program_is_placed_by_the_rules_of_its_containers_course(
    stores: "Stores", look: "dict[int, Program]", facts: "Facts", reports_type: "type[Reports]"
) -> None:
    rules = {"courses": {"db": {"assignment": ["lab<n>"], "ignored_folder": ["build"]}}}
    reports = reports_type(stores.open(), look.get, **rules)
    found = []
    for course in ("db", "os"):
        host = f"jcode-{course}-1-2020".encode()
        for folder in (b"lab1", b"hw1", b"lab1/build"):
            path = b"/home/coder/project/" + folder
            (draft,) = reports.of_process(
                facts.executed("./prog", exe=path + b"/prog", cwd=path, hostname=host)
            )
            assert draft.subject is not None
            assert isinstance(draft.body, ProcessStarted)
            found.append((draft.subject.assignment, isinstance(draft.body.activity, Run)))

    assert found == [
        *[("lab1", True), (None, False), ("lab1", False)],
        *[(None, False), ("hw1", True), (None, False)],
    ]


def test_the_files_of_a_build_tell_its_assignment_before_its_folder(
    reports: "Reports", facts: "Facts"
) -> None:
    (draft,) = reports.of_process(facts.executed("gcc ../hw2/a.c", exe=GCC))

    assert draft.subject is not None
    assert draft.subject.assignment == "hw2"
    assert isinstance(draft.body, ProcessStarted)
    assert isinstance(draft.body.activity, Build)
    assert draft.body.activity.sources == ("a.c",)


def test_a_host_path_places_where_the_hostname_says_nothing(reports: "Reports", facts: "Facts") -> None:
    fact = facts.executed("./prog", exe=b"/srv/ws/ds-2-77/hw3/prog", cwd=b"/", hostname=b"jcode-box")

    (draft,) = reports.of_process(fact)

    assert draft.subject is not None
    assert (draft.subject.course, draft.subject.student, draft.subject.assignment) == ("ds", "77", "hw3")
    assert draft.subject.identity == "unknown"


def test_another_students_folder_is_no_assignment_of_ones_own(reports: "Reports", facts: "Facts") -> None:
    (draft,) = reports.of_process(facts.executed("ls", exe=b"/bin/ls", cwd=b"/workspace/os-1-9999/hw1"))

    assert draft.subject is not None
    assert (draft.subject.student, draft.subject.assignment) == ("2020", None)


def test_what_nothing_places_is_sent_and_said_to_be_unknown(reports: "Reports", facts: "Facts") -> None:
    (draft,) = reports.of_process(facts.executed("ls", exe=b"/bin/ls", cwd=b"/", hostname=b"jcode-x"))

    assert draft.subject is not None
    assert (draft.subject.student, draft.subject.identity) == (None, "unknown")


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


def test_a_claimed_name_never_outweighs_the_pinned_one_and_is_told_once(
    reports: "Reports", facts: "Facts"
) -> None:
    honest = facts.executed("ls", exe=b"/bin/ls")
    lying = structs.replace(
        honest, identity="mismatch", pinned_hostname=b"jcode-os-1-2020", hostname=b"jcode-os-1-9999"
    )

    told, started = reports.of_process(lying)
    (again,) = reports.of_process(structs.replace(lying, pid=101))

    assert told.body == IdentityMismatched(
        pinned="jcode-os-1-2020", claimed="jcode-os-1-9999", pid=100, exe="/bin/ls"
    )
    for draft in (told, started, again):
        assert draft.subject is not None
        assert (draft.subject.student, draft.subject.identity) == ("2020", "mismatch")


def test_who_could_have_named_itself_is_nobody_whatever_the_name_and_the_path(
    reports: "Reports", facts: "Facts"
) -> None:
    fact = facts.executed("ls", exe=b"/bin/ls", cwd=b"/workspace/os-1-2020/hw1")
    (draft,) = reports.of_process(structs.replace(fact, identity="unknown"))

    assert draft.subject is not None
    assert (draft.subject.student, draft.subject.assignment, draft.subject.identity) == (
        None,
        None,
        "unknown",
    )


def test_container_and_pod_come_from_the_cgroup(reports: "Reports", facts: "Facts") -> None:
    path = b"/kubepods/burstable/pod0f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b11/" + b"c" * 64
    fact = structs.replace(facts.executed("ls", exe=b"/bin/ls"), cgroup_path=path)
    (draft,) = reports.of_process(fact)

    assert draft.subject is not None
    assert draft.subject.container_id == "c" * 64
    assert draft.subject.pod_uid == "0f3a3c1e-0b1f-4a65-9f1c-2a9d1d6f3b11"
