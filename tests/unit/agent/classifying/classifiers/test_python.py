import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.classifying.classification import Command, Running
from jcode_watcher.agent.classifying.classifiers.python import classify

HW = b"/home/coder/project/hw1"


def say(line: str, exe: bytes = b"/usr/bin/python3.11") -> Running | None:
    argv = tuple(line.encode().split())
    return classify(Command(exe=exe, argv=argv, cwd=HW, own=is_own))


def is_own(path: bytes) -> bool:
    return path.startswith(HW) and b"/venv/" not in path


@pytest.mark.parametrize(
    ("line", "target", "is_path"),
    [
        ("python3 a.py", b"a.py", True),
        ("python3 -u -B a.py -c x", b"a.py", True),
        ("python3 -W error -X dev a.py", b"a.py", True),
        ("python3 -Werror a.py", b"a.py", True),
        ("python3 -c print(1)", b"-c", False),
        ("python3 -Bc print(1)", b"-c", False),
        ("python3 -m pytest -q", b"-m pytest", False),
        ("python3 -mpytest", b"-m pytest", False),
        ("python3 -um pytest", b"-m pytest", False),
        ("python3 --check-hash-based-pycs never a.py", b"a.py", True),
        ("python3", b"-", False),
        ("python3 -i", b"-", False),
        ("python3 - arg", b"-", False),
        ("python3 /tmp/a.py", b"/tmp/a.py", True),
        ("python3 -m unittest test_a", b"-m unittest", False),
        ("python3 -m py.test -q", b"-m py.test", False),
        ("/usr/bin/python3 /usr/bin/pytest -q", b"-m pytest", False),
        ("python3 /home/coder/project/hw1/venv/bin/pytest", b"-m pytest", False),
        ("python3 /home/coder/.local/bin/py.test", b"-m pytest", False),
        ("python3 pytest", b"pytest", True),
        ("python3 pip.py", b"pip.py", True),
        ("python3 -m ipykernel_launcher -f /tmp/k.json", b"ipykernel", False),
        ("python3 /usr/lib/python3/dist-packages/ipykernel_launcher.py -f k", b"ipykernel", False),
        (
            "python3 /home/coder/.vscode/debugpy --connect 127.0.0.1:1 --configure-qt none a.py x",
            b"a.py",
            True,
        ),
        ("python3 -m debugpy --listen 5678 a.py", b"a.py", True),
        ("python3 ./a.py", b"./a.py", True),
    ],
)
def test_what_python_runs_is_read_from_the_line(line: str, target: bytes, is_path: object) -> None:
    said = say(line)

    assert said is not None
    assert (said.target, said.is_path, said.interpreter, said.version) == (target, is_path, "python", "3.11")


@pytest.mark.parametrize(
    "line",
    [
        "python3 --version",
        "python3 -V",
        "python3 -h",
        "python3 /usr/bin/pip install x",
        "python3 /home/coder/project/hw1/venv/bin/flask run",
        "python3 /home/coder/bin/pip3.11 install x",
        "python3 /home/coder/bin/poetry run python a.py",
        "python3 -m pip install x",
        "python3 -m venv venv",
        "python3 -m pylint a.py",
        "python3 /home/coder/.vscode/debugpy --connect 127.0.0.1:1",
        "python3 /home/coder/.local/share/code-server/extensions/x/run.py",
        "python3 venv/lib/python3.11/../../../../../../../opt/tool.py",
    ],
)
def test_tools_and_questions_are_no_runs(line: str) -> None:
    assert say(line) is None


@pytest.mark.parametrize(
    ("exe", "called", "version"),
    [
        (b"/usr/bin/python3.11", "python", "3.11"),
        (b"/usr/bin/python3", "python3", "3"),
        (b"/opt/bin/python", "python3.12", "3.12"),
        (b"/opt/bin/python", "python", None),
        (b"/usr/bin/pypy3", "pypy3", "3"),
        (b"", "python3.9", "3.9"),
    ],
)
def test_the_version_is_what_the_name_says(exe: bytes, called: str, version: str | None) -> None:
    said = say(f"{called} a.py", exe)

    assert said is not None
    assert said.version == version


def test_a_program_that_only_calls_itself_python_is_none() -> None:
    assert say("python3 a.py", b"/home/coder/project/hw1/fake") is None


@given(st.lists(st.binary(max_size=10), max_size=8))
def test_no_command_line_whatever_raises(arguments: list[bytes]) -> None:
    classify(
        Command(exe=b"/usr/bin/python3", argv=(b"python3", *arguments), cwd=HW, own=lambda _: False),
    )


@pytest.mark.parametrize(
    ("line", "exe"),
    [
        ("uv run a.py", b"/usr/local/bin/uv"),
        ("env python3 a.py", b"/usr/bin/env"),
        ("bash /home/coder/.pyenv/shims/python a.py", b"/usr/bin/bash"),
    ],
)
def test_who_starts_a_python_is_none_itself(line: str, exe: bytes) -> None:
    assert say(line, exe) is None
