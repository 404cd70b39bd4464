from jcode_watcher.agent.classifying.classification import Command, Running
from jcode_watcher.agent.classifying.classifiers import classify

HW = b"/home/coder/project/hw1"


def test_a_program_in_an_assignment_is_a_run_of_it() -> None:
    command = Command(exe=HW + b"/a.out", argv=(b"./a.out",), cwd=HW, own=lambda path: path.startswith(HW))

    assert classify(command) == Running(target=HW + b"/a.out", is_path=True)


def test_other_programs_are_neither_build_nor_run() -> None:
    command = Command(exe=b"/usr/bin/ls", argv=(b"ls",), cwd=HW, own=lambda path: path.startswith(HW))

    assert classify(command) is None
