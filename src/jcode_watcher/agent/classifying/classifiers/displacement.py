"""cp, mv, rm and the like: what they write over or take away is no longer what a build wrote. No activity."""

from posixpath import basename, join

from jcode_watcher.agent.classifying.classification import Command, Displacing
from jcode_watcher.agent.classifying.operands import value_of

COPIES = frozenset({b"cp", b"install", b"ln"})
NAMES = COPIES | {b"mv", b"rm", b"unlink"}
MULTIPLE = frozenset({b"busybox", b"toybox", b"coreutils"})
"""Executables that are many programs: the name by which they are called tells which."""
FOLDER = frozenset({b"-t"})
FOLDER_JOINED = b"--target-directory="
PATHS_MAX = 64


def classify(command: Command) -> Displacing | None:
    """Recognize the paths that hold something else afterwards, or nothing."""
    name = command.called if command.exe_name in MULTIPLE else command.exe_name or command.called
    if name not in NAMES:
        return None
    arguments = command.argv[1:]
    folders = [a.removeprefix(FOLDER_JOINED) for a in arguments if a.startswith(FOLDER_JOINED)]
    folder = value_of(arguments, FOLDER) or next(iter(folders), None)
    given = [a for a in arguments if not a.startswith(b"-") and a != folder]
    if name in {b"rm", b"unlink"}:
        return Displacing(paths=tuple(given[:PATHS_MAX]))
    destination = folder or (given.pop() if len(given) > 1 else b".")
    # Whether the destination is a folder the line does not tell: both readings are taken.
    into = (join(destination, basename(path)) for path in given)
    taken = () if name in COPIES else given
    return Displacing(paths=tuple((destination, *into, *taken)[:PATHS_MAX]))
