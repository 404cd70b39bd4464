"""Whose a program is: from its container, its folder and its files, and never from what it claims."""

from typing import TYPE_CHECKING

from msgspec import structs

from jcode_watcher.events.activity import Build, Run
from jcode_watcher.events.monitor import IdentityMismatched
from jcode_watcher.events.process import ProcessStarted

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts, Reports, Stores

    from jcode_watcher.agent.writers.programs import Program

GCC = b"/usr/bin/gcc-12"
HW = b"/home/coder/project/hw1"
PROG = HW + b"/prog"
SHA = "a" * 64


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
