import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.classifying.classification import Command, Running
from jcode_watcher.agent.classifying.classifiers import classify

NAMES = (
    b"gcc",
    b"ccache",
    b"python3",
    b"java",
    b"javac",
    b"node",
    b"rustc",
    b"cargo",
    b"go",
    b"ar",
    b"cp",
    b"rm",
)
HW = b"/home/coder/project/hw1"


def test_a_program_in_an_assignment_is_a_run_of_it() -> None:
    command = Command(exe=HW + b"/a.out", argv=(b"./a.out",), cwd=HW, own=lambda path: path.startswith(HW))

    assert classify(command) == Running(target=HW + b"/a.out", is_path=True)


def test_other_programs_are_neither_build_nor_run() -> None:
    command = Command(exe=b"/usr/bin/ls", argv=(b"ls",), cwd=HW, own=lambda path: path.startswith(HW))

    assert classify(command) is None


@pytest.mark.parametrize(
    "name", [b"gcc", b"python3", b"java", b"node", b"rustc", b"cargo", b"go", b"ar", b"cp"]
)
def test_a_students_program_is_a_program_whatever_its_name(name: bytes) -> None:
    exe = HW + b"/" + name
    command = Command(exe=exe, argv=(b"./" + name, b"a.c"), cwd=HW, own=lambda path: path.startswith(HW))

    assert classify(command) == Running(target=exe, is_path=True)


@given(st.binary(max_size=8), st.lists(st.binary(max_size=12), max_size=10), st.sampled_from(NAMES))
def test_no_command_line_whatever_raises(called: bytes, arguments: list[bytes], name: bytes) -> None:
    classify(Command(exe=b"/usr/bin/" + name, argv=(called, *arguments), cwd=HW, own=lambda _: False))
    classify(Command(exe=b"", argv=(name, *arguments), cwd=HW, own=lambda _: False))
