"""Python by the name of its executable, and what it was asked to run."""

import re
from collections.abc import Iterator, Sequence

from jcode_watcher.agent.classifying.classification import Command, Running

NAME = re.compile(rb"(?:python|pypy)(?P<version>[0-9]+(?:\.[0-9]+)*)?")
TAKES_VALUE = b"WX"
"""Short options that have a value, in the same argument or the next."""
LONG_TAKES_VALUE = frozenset({b"--check-hash-based-pycs"})
ONLY_SAYS = frozenset(b"hV?")
"""Short options that print something and end."""
OTHERS_SCRIPTS = re.compile(rb"/(?:usr|opt|lib|lib64|bin|sbin)/|.*/(?:\.[^/]+|site-packages|dist-packages)/")
"""Scripts of the system, of environments and of the IDE's extensions: tools, and no runs of a student's."""


def classify(command: Command) -> Running | None:
    """Recognize a script, `-m`, `-c`, or code from standard input (`-`)."""
    version = version_of(command)
    if version is None:
        return None
    target, is_path = target_of(command.argv[1:])
    if target is None or (is_path and is_others(command, target)):
        return None
    return Running(target=target, is_path=is_path, interpreter="python", version=version or None)


def version_of(command: Command) -> str | None:
    """Give the version that a Python's name says, "" where it says none; None if it is no Python."""
    matches = [match for name in (command.exe_name, command.called) if (match := NAME.fullmatch(name))]
    if not matches or (command.exe and not NAME.fullmatch(command.exe_name)):
        return None
    return max((match["version"] or b"" for match in matches), key=len).decode()


def is_others(command: Command, script: bytes) -> bool:
    """Tell whether a script is a tool's rather than a student's."""
    path = command.path(script)
    return not command.own(path) and OTHERS_SCRIPTS.match(path) is not None


def target_of(arguments: Sequence[bytes]) -> tuple[bytes | None, bool]:
    """Give what runs, and whether it is a path; None where nothing runs (`--version`)."""
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith(b"-") or argument == b"-":
            return argument, argument != b"-"
        if argument.startswith(b"--"):
            if argument not in LONG_TAKES_VALUE:
                return None, False
            next(rest, None)
            continue
        decided, target = read_cluster(argument[1:], rest)
        if decided:
            return target, False
    return b"-", False


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
