"""A write into a student's workspace by anyone else is said, with who it was."""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.agent.conftest import STUDENT
from tests.kernel.agent.program import POLL_SECONDS, SECONDS_MAX

from jcode_watcher.demo.shell import Shell

if TYPE_CHECKING:
    from tests.kernel.agent.conftest import Classroom

pytestmark = pytest.mark.kernel

OTHER = "202099002"
COPIES = 20


def writer_of(classroom: "Classroom", path: str) -> dict[str, Any]:
    event = classroom.wait_for(lambda event: event["body"].get("path") == path)
    writer: dict[str, Any] = event["body"]["writer"]
    return writer


def who(writer: dict[str, Any]) -> tuple[str, str | None, str]:
    return writer["whose"], writer["student"], writer["role"]


@contextmanager
def container_of(classroom: "Classroom", student: str) -> Iterator[Shell]:
    """Give a student's container that is known for good, and has the first student's workspace."""
    with Shell(f"{classroom.prefix}os-1-{student}", classroom.hw.parent) as shell:
        deadline = time.monotonic() + SECONDS_MAX
        while "pinned" not in identities_of(classroom, student):
            assert time.monotonic() < deadline
            shell.type("/bin/true")
            time.sleep(POLL_SECONDS)
        yield shell


def identities_of(classroom: "Classroom", student: str) -> set[str]:
    told = classroom.get("/v1/timeline", course="os", section="1", student=student)["events"]
    return {event["subject"]["identity"] for event in told}


def test_the_owners_own_writes_are_the_owners(classroom: "Classroom") -> None:
    with container_of(classroom, STUDENT) as shell:
        shell.type("printf 1 > hw1/a.c; cp hw1/a.c hw1/b.c")

    assert who(writer_of(classroom, "a.c")) == ("owner", None, "shell")
    assert who(writer_of(classroom, "b.c")) == ("owner", None, "copy")
    assert writer_of(classroom, "b.c")["identity"] == "pinned"


def test_another_students_container_is_named_also_where_it_claims_to_be_the_owners(
    classroom: "Classroom",
) -> None:
    with container_of(classroom, OTHER) as shell:
        shell.type("printf 1 > hw1/a.c; cp hw1/a.c hw1/b.c")
        shell.type(f"hostname {classroom.prefix}{classroom.hw.parent.name}")
        shell.type("cp hw1/a.c hw1/c.c")

    assert who(writer_of(classroom, "a.c")) == ("another", OTHER, "shell")
    assert who(writer_of(classroom, "b.c")) == ("another", OTHER, "copy")
    assert writer_of(classroom, "b.c")["identity"] == "pinned"
    assert who(writer_of(classroom, "c.c")) == ("another", OTHER, "copy")
    assert writer_of(classroom, "c.c")["identity"] == "mismatch"


def test_so_it_is_of_a_deletion_and_a_move(classroom: "Classroom") -> None:
    if "handles" not in classroom.agent.ready["modes"].values():
        pytest.skip("only mode handles tells who deleted or moved a file")
    for name in ("a.c", "b.c"):
        (classroom.hw / name).write_text("1")
        writer_of(classroom, name)
    with container_of(classroom, OTHER) as shell:
        shell.type("rm hw1/a.c; mv hw1/b.c hw1/c.c")

    deleted = classroom.wait_for(lambda event: event["kind"] == "file.deleted")
    moved = classroom.wait_for(lambda event: event["kind"] == "file.moved")
    assert who(deleted["body"]["writer"]) == ("another", OTHER, "shell")
    assert who(moved["body"]["writer"]) == ("another", OTHER, "copy")


def test_a_process_of_the_machine_is_said_to_be_in_no_students_container(classroom: "Classroom") -> None:
    (classroom.hw / "a.c").write_text("1")
    assert who(writer_of(classroom, "a.c")) == ("machine", None, "interpreter")


def test_so_is_one_that_was_gone_before_anyone_could_look(classroom: "Classroom") -> None:
    (classroom.hw / "seed.c").write_text("1")
    for number in range(COPIES):
        subprocess.run(["cp", "seed.c", f"copy-{number}.c"], cwd=classroom.hw, check=True)

    writers = [writer_of(classroom, f"copy-{number}.c") for number in range(COPIES)]
    said = Counter(writer["whose"] for writer in writers)
    # On a busy machine records may come too late to rule out a student's container.
    assert set(said) <= {"machine", "unknown"}
    assert said["machine"] > COPIES / 2
