"""A write into a student's workspace by anyone else is said, with who it was."""

import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

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


def who(writer: dict[str, Any]) -> tuple[str, str | None, str, str]:
    return writer["whose"], writer["student"], writer["identity"], writer["role"]


def test_the_owners_own_writes_are_the_owners(classroom: "Classroom") -> None:
    with Shell(f"{classroom.prefix}{classroom.hw.parent.name}", classroom.hw.parent) as shell:
        shell.type("printf 1 > hw1/a.c; cp hw1/a.c hw1/b.c")

    assert who(writer_of(classroom, "a.c")) == ("owner", None, "pinned", "shell")
    assert who(writer_of(classroom, "b.c")) == ("owner", None, "pinned", "copy")


def test_another_students_container_is_named_also_where_it_claims_to_be_the_owners(
    classroom: "Classroom",
) -> None:
    with Shell(f"{classroom.prefix}os-1-{OTHER}", classroom.hw.parent) as shell:
        shell.type("printf 1 > hw1/a.c; cp hw1/a.c hw1/b.c")
        shell.type(f"hostname {classroom.prefix}{classroom.hw.parent.name}")
        shell.type("cp hw1/a.c hw1/c.c")

    assert who(writer_of(classroom, "a.c")) == ("another", OTHER, "pinned", "shell")
    assert who(writer_of(classroom, "b.c")) == ("another", OTHER, "pinned", "copy")
    assert who(writer_of(classroom, "c.c")) == ("another", OTHER, "mismatch", "copy")


def test_a_process_of_the_machine_is_said_to_be_in_no_students_container(classroom: "Classroom") -> None:
    (classroom.hw / "a.c").write_text("1")
    assert who(writer_of(classroom, "a.c")) == ("machine", None, "unknown", "interpreter")


def test_so_is_one_that_was_gone_before_anyone_could_look(classroom: "Classroom") -> None:
    (classroom.hw / "seed.c").write_text("1")
    for number in range(COPIES):
        subprocess.run(["cp", "seed.c", f"copy-{number}.c"], cwd=classroom.hw, check=True)

    writers = [writer_of(classroom, f"copy-{number}.c") for number in range(COPIES)]
    said = Counter(writer["whose"] for writer in writers)
    # On a busy machine records may come too late to rule out a student's container.
    assert set(said) <= {"machine", "unknown"}
    assert said["machine"] > COPIES / 2
