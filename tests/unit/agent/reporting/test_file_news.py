from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from jcode_watcher.agent.reporting.draft import FileChange
from jcode_watcher.agent.writers.programs import Program
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved, Role, Writer
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.filemon.facts import Deleted, FileState, Missed, Moved, Unkept

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts, Reports

ROOT = b"/srv/ws"
AT = 1_750_000_000_000_000_000
STATE = FileState(b"h", 3, 1, 2, "c" * 64)


def moved(path: bytes, destination: bytes) -> Moved:
    return Moved(time_ns=AT, pid=0, path=path, destination=destination, state=STATE)


def test_a_save_is_placed_by_its_path_and_remembered(reports: "Reports", facts: "Facts") -> None:
    fact = facts.saved(b"os-1-2020/hw1/src/\xffa.c", b"x")

    (draft,) = reports.of_file(fact)

    assert draft.subject is not None
    assert (draft.subject.student, draft.subject.assignment, draft.subject.identity) == (
        "2020",
        "hw1",
        "unknown",
    )
    assert isinstance(draft.body, FileSaved)
    assert (draft.body.path, draft.body.content, draft.body.encoding) == ("src/\\xFFa.c", "x", "utf-8")
    assert draft.changes == (FileChange(ROOT, fact.path, fact.state),)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\0b", b"\0" * 1000])
def test_what_is_no_text_travels_as_base64(reports: "Reports", facts: "Facts", content: bytes) -> None:
    (draft,) = reports.of_file(facts.saved(content=content))

    assert isinstance(draft.body, FileSaved)
    assert draft.body.encoding == "base64"
    assert b64decode(draft.body.content or "") == content


def test_a_deletion_is_said_and_forgotten(reports: "Reports") -> None:
    fact = Deleted(time_ns=AT, pid=0, path=b"os-1-2020/hw1/a.c", how="moved_out", previous_sha256=None)

    (draft,) = reports.of_file(fact)

    assert draft.body == FileDeleted(path="a.c", how="moved_out")
    assert draft.changes == (FileChange(ROOT, fact.path, None),)


def test_a_move_within_an_assignment_is_one_event(reports: "Reports") -> None:
    (draft,) = reports.of_file(moved(b"os-1-2020/hw1/a.c", b"os-1-2020/hw1/s/b.c"))

    assert draft.body == FileMoved(path="a.c", destination="s/b.c", sha256="c" * 64)
    assert [change.state for change in draft.changes] == [None, STATE]


def test_a_move_between_assignments_is_a_deletion_here_and_a_version_there(reports: "Reports") -> None:
    left, came = reports.of_file(moved(b"os-1-2020/hw1/a.c", b"os-1-2020/hw2/a.c"))

    assert left.subject is not None
    assert came.subject is not None
    assert (left.subject.assignment, came.subject.assignment) == ("hw1", "hw2")
    assert left.body == FileDeleted(path="a.c", how="moved_out", previous_sha256="c" * 64)
    assert isinstance(came.body, FileSaved)
    assert (came.body.how, came.body.omitted, came.body.sha256) == ("moved_in", "moved", "c" * 64)


def test_what_was_missed_becomes_a_gap(reports: "Reports") -> None:
    (draft,) = reports.of_file(Missed(reason="queue_overflow", count=None, since_ns=0, until_ns=1_000))

    assert isinstance(draft.body, MonitorGap)
    assert (draft.body.stage, draft.body.reason, draft.body.count) == ("filemon", "queue_overflow", None)
    assert draft.subject is None


def test_what_was_missed_of_one_student_alone_says_whose_it_is(reports: "Reports") -> None:
    missed = Missed(reason="flood", count=None, since_ns=0, until_ns=1_000, workspace=b"os-1-2020")
    nobodys = Missed(reason="flood", count=None, since_ns=0, until_ns=1_000, workspace=b"lost+found")
    (draft,), (nobodys_draft,) = reports.of_file(missed), reports.of_file(nobodys)

    assert draft.subject is not None
    assert (draft.subject.course, draft.subject.student) == ("os", "2020")
    assert nobodys_draft.subject is None


def role(reports: "Reports", facts: "Facts", pid: int, after_ns: int = 2_000_000) -> Role:
    (draft,) = reports.of_file(facts.saved(pid=pid, after_ns=after_ns))
    assert isinstance(draft.body, FileSaved)
    assert draft.body.writer.pid == pid
    return draft.body.writer.role


def test_the_writer_is_known_although_it_has_ended(reports: "Reports", facts: "Facts") -> None:
    copy = facts.executed("cp a b", exe=b"/usr/bin/cp")
    reports.of_process(copy)
    reports.of_process(facts.exited(copy, after_ns=1_000_000))

    assert role(reports, facts, copy.pid) == "copy"


def test_the_writer_is_what_the_process_ran_at_that_time(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("bash", exe=b"/bin/bash"))
    reports.of_process(facts.executed("vim a.c", exe=b"/usr/bin/vim", after_ns=5_000_000))

    assert role(reports, facts, 100, after_ns=2_000_000) == "shell"
    assert role(reports, facts, 100, after_ns=6_000_000) == "editor"


def test_a_forked_child_writes_as_its_parents_program(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("python3 gen.py", exe=b"/usr/bin/python3.11", pid=100))
    reports.of_process(facts.exited(pid=101, ppid=100, comm=b"python3.11", after_ns=1_000_000))

    (draft,) = reports.of_file(facts.saved(pid=101, after_ns=1_500_000))

    assert isinstance(draft.body, FileSaved)
    assert (draft.body.writer.exe, draft.body.writer.role) == ("/usr/bin/python3.11", "interpreter")


def test_an_orphan_is_not_taken_for_the_program_that_adopted_it(
    reports: "Reports", facts: "Facts", look: dict[int, Program]
) -> None:
    look[1] = Program(pid=1, start_boot_ns=1, began_ns=0, ppid=0, comm="init", exe="/sbin/init")
    reports.of_process(facts.exited(pid=101, ppid=1, comm=b"bash", after_ns=1_000_000))

    assert role(reports, facts, 101) == "shell"


def test_any_helper_of_a_build_is_the_compiler(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("gcc a.c", exe=b"/usr/bin/gcc-12", pid=100))
    reports.of_process(facts.executed("mold a.o", exe=b"/opt/mold", pid=101, ppid=100, after_ns=1))

    assert role(reports, facts, 101) == "compiler"


def test_a_process_that_is_not_watched_is_looked_up(
    reports: "Reports", facts: "Facts", look: dict[int, Program]
) -> None:
    look[555] = Program(pid=555, start_boot_ns=1, began_ns=AT - 1, ppid=1, exe="/usr/bin/rsync")
    look[556] = Program(pid=556, start_boot_ns=1, began_ns=AT + 10**10, ppid=1, exe="/usr/bin/rsync")

    assert role(reports, facts, 555) == "copy"
    assert role(reports, facts, 556) == "unknown"  # younger than the save: it only has the writer's pid
    assert role(reports, facts, 557) == "unknown"


def test_a_pid_that_ended_long_ago_says_nothing(reports: "Reports", facts: "Facts") -> None:
    copy = facts.executed("cp a b", exe=b"/usr/bin/cp")
    reports.of_process(copy)
    reports.of_process(facts.exited(copy, after_ns=1))

    assert role(reports, facts, copy.pid, after_ns=60_000_000_000) == "unknown"


def written(reports: "Reports", facts: "Facts", pid: int = 100) -> Writer:
    (draft,) = reports.of_file(facts.saved(pid=pid, after_ns=2_000_000))
    assert isinstance(draft.body, FileSaved)
    return draft.body.writer


def test_a_write_by_another_student_is_said(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("cp a b", exe=b"/usr/bin/cp", hostname=b"jcode-os-1-9999"))

    writer = written(reports, facts)
    assert (writer.whose, writer.student, writer.identity) == ("another", "9999", "hostname")


def test_a_container_that_claims_to_be_the_owners_is_said(reports: "Reports", facts: "Facts") -> None:
    copy = facts.executed("cp a b", exe=b"/usr/bin/cp")
    container = b"/kubepods/" + b"c" * 64
    claims = replace(copy, identity="mismatch", pinned_hostname=b"jcode-os-1-9999", cgroup_path=container)
    reports.of_process(claims)

    writer = written(reports, facts)
    assert (writer.whose, writer.student, writer.identity) == ("another", "9999", "mismatch")
    assert writer.container_id == "c" * 64


def test_a_child_that_forked_after_its_container_took_another_name_bears_the_mismatch(
    reports: "Reports", facts: "Facts"
) -> None:
    reports.of_process(facts.executed("bash", exe=b"/bin/bash"))
    child = facts.exited(pid=101, ppid=100, after_ns=1_000_000)
    reports.of_process(replace(child, identity="mismatch", pinned_hostname=b"jcode-os-1-2020"))

    assert written(reports, facts, 101).identity == "mismatch"


def test_the_owners_own_write_is_the_owners(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("cp a b", exe=b"/usr/bin/cp"))

    writer = written(reports, facts)
    assert (writer.whose, writer.student) == ("owner", None)


def test_a_process_of_the_machine_is_in_no_students_container(
    reports: "Reports", facts: "Facts", look: dict[int, Program]
) -> None:
    root = Program(pid=555, start_boot_ns=1, began_ns=AT, ppid=1, exe="/usr/bin/cp", is_on_machine=True)
    look[555] = root
    look[556] = Program(pid=556, start_boot_ns=1, began_ns=AT, ppid=1, exe="/usr/bin/cp")

    assert written(reports, facts, 555).whose == "machine"
    assert written(reports, facts, 556).whose == "unknown"


def test_one_that_is_gone_without_a_record_was_in_no_students_container(
    reports: "Reports", facts: "Facts"
) -> None:
    reports.reporter.begin()
    reports.told_until_ns = reports.now_ns

    assert written(reports, facts).whose == "machine"


def test_unless_not_all_is_told_or_a_record_was_lost(reports: "Reports", facts: "Facts") -> None:
    reports.reporter.begin()
    reports.told_until_ns = reports.now_ns - 1
    assert written(reports, facts).whose == "unknown"

    reports.told_until_ns = reports.now_ns
    reports.lost = 1
    assert written(reports, facts).whose == "unknown"


def test_nor_is_it_known_where_nobody_watches_processes(reports: "Reports", facts: "Facts") -> None:
    reports.lost = None
    reports.reporter.begin()
    reports.told_until_ns = reports.now_ns

    assert written(reports, facts).whose == "unknown"


def test_writers_are_counted_by_whose_they_are(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("cp a b", exe=b"/usr/bin/cp", hostname=b"jcode-os-1-9999"))
    written(reports, facts)

    assert reports.reporter.whose == {("another", "hostname"): 1}


def test_equal_content_is_not_called_unchanged_where_it_was_dropped(
    reports: "Reports", facts: "Facts"
) -> None:
    reports.reporter.dropped(reports.of_file(facts.saved()))

    (again,) = reports.of_file(facts.saved(content=None, omitted="unchanged"))
    (changed,) = reports.of_file(facts.saved(content=b"new"))
    (later,) = reports.of_file(facts.saved(content=None, omitted="unchanged"))

    assert isinstance(again.body, FileSaved)
    assert (again.body.omitted, again.changes) == ("dropped", ())
    assert changed.changes
    assert isinstance(later.body, FileSaved)
    assert later.body.omitted == "unchanged"


def test_what_found_no_room_is_given_once_with_what_is_kept_of_it(reports: "Reports", facts: "Facts") -> None:
    first, second = facts.saved(content=b"first"), facts.saved(content=b"second")
    reports.files.apply(change for draft in reports.of_file(first) for change in draft.changes)
    reports.reporter.dropped(reports.of_file(second))
    reports.reporter.dropped(reports.of_file(facts.saved(content=None, omitted="unchanged")))

    unkept = Unkept(path=second.path, told=second.state, kept=first.state)
    assert reports.reporter.unkept_files() == {ROOT: [unkept]}
    assert reports.reporter.unkept_files() == {}


def test_what_was_dropped_is_not_told_again_where_newer_was_told_since(
    reports: "Reports", facts: "Facts"
) -> None:
    reports.reporter.dropped(reports.of_file(facts.saved(content=b"first")))
    reports.of_file(facts.saved(content=b"second"))

    assert reports.reporter.unkept_files() == {}
