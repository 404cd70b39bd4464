"""Which build made a student's program, and from which versions of its sources: deed by deed."""

from typing import TYPE_CHECKING

import pytest

from jcode_watcher.events.activity import Build, Run
from jcode_watcher.events.process import ProcessStarted

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts, Reports

MS = 1_000_000
HW = b"/home/coder/project/hw1"
BIN = b"/usr/bin/"
A, B, C = ("a" * 64, "b" * 64, "c" * 64)


class Class:
    """Runs command lines one after the other, each to its end."""

    def __init__(self, reports: "Reports", facts: "Facts") -> None:
        self._reports, self._facts = reports, facts
        self._ms = 10
        self._pid = 100

    def save(self, name: str, sha256: str) -> None:
        self._ms += 20
        path = b"os-1-2020/hw1/" + name.encode()
        self._reports.of_file(self._facts.saved(path, sha256=sha256, after_ns=self._ms * MS))

    def run(self, line: str, *, exit_code: int = 0, exe: bytes | None = None) -> Build | Run | None:
        self._ms += 20
        self._pid += 1
        first = line.partition(" ")[0].encode()
        exe = exe or (HW + first[1:] if first.startswith(b"./") else BIN + first)
        program = self._facts.executed(line, exe=exe, pid=self._pid, after_ns=self._ms * MS)
        (draft,) = self._reports.of_process(program)
        self._ms += 10
        ended = self._facts.exited(program, exit_code=exit_code, after_ns=self._ms * MS)
        self._reports.of_process(ended)
        assert isinstance(draft.body, ProcessStarted)
        return draft.body.activity

    def origin(self, line: str = "./prog") -> tuple[str, ...] | None:
        """Give the versions that a program was built from, None where no build of it was seen."""
        said = self.run(line)
        assert isinstance(said, Run)
        return tuple(sorted(said.built_from)) if said.built_here else None


@pytest.fixture
def lesson(reports: "Reports", facts: "Facts") -> Class:
    lesson = Class(reports, facts)
    lesson.save("a.c", A)
    lesson.save("b.c", B)
    return lesson


@pytest.mark.parametrize(
    "lines",
    [
        ["gcc a.c b.c -o prog"],
        ["ccache gcc a.c b.c -o prog"],
        ["gcc -c a.c b.c", "gcc a.o b.o -o prog"],
        ["gcc -c a.c -o obj/a.o", "gcc b.c obj/a.o --output=prog"],
        ["gcc -c b.c", "ar rcs libb.a b.o", "gcc a.c libb.a -o prog"],
        ["gcc -c b.c", "ar rcs lib/libb.a b.o", "gcc a.c -Llib -lb -o prog"],
        ["gcc -c a.c b.c", "gcc-ar r liball.a a.o", "gcc-ar r liball.a b.o", "gcc -L. -lall -o prog main.o"],
        ["gcc -shared -fPIC b.c -o libb.so", "gcc a.c -L. -lb -o prog"],
        ["rm -f prog", "gcc a.c b.c -o prog"],
        ["gcc b.c -o prog", "gcc a.c b.c -o prog"],
    ],
)
def test_a_program_is_traced_to_the_sources_of_its_build(lesson: Class, lines: list[str]) -> None:
    for line in lines:
        lesson.run(line)

    assert lesson.origin() == (A, B)


def test_each_object_has_its_own_source(lesson: Class) -> None:
    lesson.run("gcc -c a.c b.c")
    lesson.run("gcc b.o -o prog")

    assert lesson.origin() == (B,)


def test_the_latest_build_of_the_same_output_counts(lesson: Class) -> None:
    lesson.run("gcc a.c -o prog")
    lesson.save("a.c", C)
    before = lesson.origin()
    lesson.run("gcc a.c -o prog")

    assert (before, lesson.origin()) == ((A,), (C,))


def test_a_build_that_failed_changes_nothing(lesson: Class) -> None:
    lesson.run("gcc a.c -o prog")
    lesson.save("a.c", C)
    lesson.run("gcc a.c -o prog", exit_code=1)

    assert lesson.origin() == (A,)


def test_a_library_that_is_made_anew_holds_the_new_object(lesson: Class) -> None:
    for version in (A, C):
        lesson.save("a.c", version)
        lesson.run("gcc -c a.c")
        lesson.run("ar rcs liba.a a.o")
    lesson.run("gcc b.c liba.a -o prog")

    assert lesson.origin() == (B, C)


@pytest.mark.parametrize(
    "line",
    [
        "cp /tmp/other prog",
        "mv other prog",
        "cp -t . ../prog",
        "rm prog",
        "install -m 755 x/prog .",
        "ln -sf other prog",
    ],
)
def test_a_program_that_was_written_over_was_not_built_here(lesson: Class, line: str) -> None:
    lesson.run("gcc a.c -o prog")

    assert lesson.run(line) is None
    assert lesson.origin() is None


@pytest.mark.parametrize("line", ["cp prog copy", "mv prog copy"])
def test_a_copied_or_moved_program_is_not_said_to_be_built_here(lesson: Class, line: str) -> None:
    lesson.run("gcc a.c -o prog")
    lesson.run(line)

    assert lesson.origin("./copy") is None


def test_a_java_class_is_traced_to_its_source(lesson: Class) -> None:
    lesson.save("Main.java", C)
    lesson.run("javac Main.java Other.java")

    assert lesson.origin("java Main") == (C,)
