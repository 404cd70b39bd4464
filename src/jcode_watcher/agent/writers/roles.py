"""What kind of program a writer is, by its names. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from os import fsencode

from jcode_watcher.agent.placing.places import is_in_workspace
from jcode_watcher.agent.writers.role_names import (
    IN_PLACE,
    JAVA_EDITORS,
    MAY_EDIT,
    MULTIPLE,
    PATTERNS,
    ROLE_OF_MODULE,
    ROLE_OF_NAME,
    SERVER_BEGINNINGS,
    SERVERS,
)
from jcode_watcher.events.file import Role


def role_of(exe: str, argv: Sequence[str], comm: str) -> Role:
    """Give a program's role by its executable; where that is unknown, by what it was called or by `comm`."""
    name = name_of(exe, argv, comm)
    if not name:
        return "unknown"
    role = role_of_name(name)
    if edits_in_place(name, argv):
        return "editor"
    return role_of_script(exe, argv) if role == "interpreter" else role


def name_of(exe: str, argv: Sequence[str], comm: str) -> str:
    """Give the name that tells what a program is; empty where nothing does."""
    called = [word.rpartition("/")[2].removeprefix("-") for word in argv[:2]]
    name = exe.rpartition("/")[2] or (called[0] if called else "") or comm
    if name not in MULTIPLE:
        return name
    # Called by the applet's name, or with it (`busybox cp a b`).
    return next((word for word in called if word and word not in MULTIPLE), comm or name)


def role_of_name(name: str) -> Role:
    """Give the role that goes with a name; `other` where none does."""
    role = ROLE_OF_NAME.get(name)
    if role is not None:
        return role
    return next((role for pattern, role in PATTERNS if pattern.fullmatch(name)), "other")


def edits_in_place(name: str, argv: Sequence[str]) -> bool:
    """Tell whether a program that mostly prints was told to change the file itself."""
    if name.rstrip("0123456789.") in MAY_EDIT:
        return any(map(IN_PLACE.fullmatch, argv[1:]))
    return name in {"awk", "gawk"} and ("-i", "inplace") in pairwise(argv)


def role_of_script(exe: str, argv: Sequence[str]) -> Role:
    """Give the role of what an interpreter runs: of a program that was made in its language, else its own."""
    if is_of_server(exe) or any(word.startswith(JAVA_EDITORS) for word in argv):
        return "editor"
    module, script = target_of(argv)
    if module:
        return ROLE_OF_MODULE.get(module.partition(".")[0], "interpreter")
    if is_of_server(script):
        return "editor"
    *folders, name = script.split("/")
    if folders[-1:] == ["bin"] and (role := role_of_name(name)) != "other":
        return role
    if {"site-packages", "dist-packages"}.isdisjoint(folders):
        return "interpreter"
    parts = (name.removesuffix(".py"), *folders)
    return next((ROLE_OF_MODULE[part] for part in parts if part in ROLE_OF_MODULE), "interpreter")


def target_of(argv: Sequence[str]) -> tuple[str, str]:
    """Give the module and the script that an interpreter was told to run; empty where it was not."""
    words = iter(argv[1:])
    for word in words:
        if word == "-m":
            return next(words, ""), ""
        if word in {"-c", "-e", "-"}:
            break
        if word in {"-W", "-X", "-r", "--require"}:
            next(words, "")
        elif not word.startswith("-"):
            return "", word
    return "", ""


def is_of_server(path: str) -> bool:
    """Tell whether a file belongs to an editor that is served to a browser, and not to a student's work."""
    return any(map(names_server, path.split("/"))) and not is_in_workspace(fsencode(path))


def names_server(part: str) -> bool:
    """Tell whether a folder or file is called as such an editor is."""
    return part in SERVERS or part.startswith(SERVER_BEGINNINGS)
