"""Python by the name of its executable, and what it was asked to run."""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename
from typing import NamedTuple

from jcode_watcher.agent.classifying.classification import Command, Running
from jcode_watcher.agent.classifying.operands import operands
from jcode_watcher.agent.classifying.others_scripts import is_others

NAME = re.compile(rb"(?:python|pypy)(?P<version>[0-9]+(?:\.[0-9]+)*)?")
TAKES_VALUE = b"WX"
"""Short options that have a value, in the same argument or the next."""
LONG_TAKES_VALUE = frozenset({b"--check-hash-based-pycs"})
ONLY_SAYS = frozenset(b"hV?")
"""Short options that print something and end."""
TOOL = re.compile(rb"(?:pip|pipx|pyenv|uv|poetry|conda|virtualenv|jupyter|ipython)[0-9.]*")
"""Scripts that keep Python in order, wherever they lie; a shim of pyenv's is one as well."""
TOOL_MODULES = frozenset(
    {b"pip", b"pipx", b"venv", b"virtualenv", b"ensurepip", b"compileall", b"poetry", b"conda"}
    | {b"black", b"isort", b"flake8", b"pylint", b"mypy", b"ruff", b"pyright", b"jedi", b"debugpy.adapter"}
)
"""Modules that keep Python or the source in order; editors run some of them at every save."""
TEST_SCRIPTS = frozenset({b"pytest", b"py.test"})
KERNELS = frozenset({b"ipykernel_launcher", b"ipykernel_launcher.py", b"ipykernel"})
"""What a notebook runs its cells in."""
DEBUGGER = b"debugpy"
DEBUGGER_TAKES_VALUE = frozenset(
    {b"--connect", b"--listen", b"--configure-qt", b"--configure-subProcess", b"--adapter-access-token"}
    | {b"--log-to", b"--parent-session-pid", b"--pid"}
)


class Target(NamedTuple):
    """What a Python runs."""

    name: bytes
    is_path: bool

    @property
    def last_name(self) -> bytes:
        """Name of a module, or of a script without its folder."""
        return basename(self.name.removeprefix(b"-m "))


Given = tuple[Target | None, Sequence[bytes]]
"""What runs, None where nothing does, and the arguments behind it."""


def classify(command: Command) -> Running | None:
    """Recognize a script, `-m`, `-c`, or code from standard input (`-`)."""
    version = version_of(command)
    if version is None:
        return None
    target = student_target(command, undebugged(read(command.argv[1:])))
    if target is None:
        return None
    return Running(target=target.name, is_path=target.is_path, interpreter="python", version=version or None)


def undebugged(given: Given) -> Target | None:
    """Give what the debugger was asked to run, where it is the debugger that runs."""
    target, rest = given
    if target is None or target.last_name != DEBUGGER:
        return target
    found = operands(rest, DEBUGGER_TAKES_VALUE)
    return Target(found[0], is_path=True) if found else None


def student_target(command: Command, target: Target | None) -> Target | None:
    """Give what is run for the student; None where it is a tool."""
    if target is None or (target.name.startswith(b"-m ") and target.last_name in TOOL_MODULES):
        return None
    if target.last_name in KERNELS:
        return Target(b"ipykernel", is_path=False)
    if not target.is_path or command.own(command.path(target.name)):
        return target
    if target.last_name in TEST_SCRIPTS:
        return Target(b"-m pytest", is_path=False)
    is_tool = TOOL.fullmatch(target.last_name) is not None
    return None if is_tool or is_others(command, target.name) else target


def version_of(command: Command) -> str | None:
    """Give the version that a Python's name says, "" where it says none; None if it is no Python."""
    matches = [match for name in (command.exe_name, command.called) if (match := NAME.fullmatch(name))]
    if not matches or (command.exe and not NAME.fullmatch(command.exe_name)):
        return None
    return max((match["version"] or b"" for match in matches), key=len).decode()


def read(arguments: Sequence[bytes]) -> Given:
    """Give what runs, None where nothing does (`--version`), and the arguments behind it."""
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith(b"-") or argument == b"-":
            return Target(argument, argument != b"-"), tuple(rest)
        if argument.startswith(b"--"):
            if argument not in LONG_TAKES_VALUE:
                return None, ()
            next(rest, None)
            continue
        decided, name = read_cluster(argument[1:], rest)
        if decided:
            return (None if name is None else Target(name, is_path=False)), tuple(rest)
    return Target(b"-", is_path=False), ()


def read_cluster(letters: bytes, rest: Iterator[bytes]) -> tuple[bool, bytes | None]:
    """Read short options that stand in one argument; tell whether they decide, and on which target."""
    for place, letter in enumerate(letters):
        following = letters[place + 1 :]
        if letter in ONLY_SAYS:
            return True, None
        if letter == ord("c"):
            return True, b"-c"
        if letter == ord("m"):
            return True, b"-m " + (following or next(rest, b""))
        if letter in TAKES_VALUE:
            if not following:
                next(rest, None)
            break
    return False, None
