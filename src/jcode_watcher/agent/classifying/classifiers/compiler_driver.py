"""Drivers of the gcc and clang families by name, on any architecture."""

import re
from typing import NamedTuple

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.driver_line import DriverLine, read_driver_line

NAME = re.compile(
    rb"(?:[A-Za-z0-9_.]+-)*(?P<driver>gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-(?P<version>[0-9]+(?:\.[0-9]+)*))?"
)
"""With a target before it (`x86_64-linux-gnu-gcc`) and a version behind it (`gcc-13`)."""
FAMILIES = {b"gcc": "gcc", b"g++": "gcc", b"clang": "clang", b"clang++": "clang", b"cc": "cc", b"c++": "cc"}
FOLDER_VERSION = re.compile(rb"/llvm-(?P<version>[0-9]+)/")
"""Where distributions put a clang of one version under its plain name."""
INNER_PROGRAMS = frozenset({b"-cc1", b"-cc1as", b"-cc1gen-reproducer"})
"""First arguments by which clang calls itself as its own helper."""


class Driver(NamedTuple):
    """Which driver it is."""

    family: str
    version: str | None
    language: str
    """What it takes a `.c` for."""


def classify(command: Command) -> Building | None:
    """Recognize a driver that was given something to build; `--version` and the like build nothing."""
    driver = driver_of(command)
    if driver is None or INNER_PROGRAMS.intersection(command.argv[1:2]):
        return None
    line = read_driver_line(command.argv[1:])
    if not (line.inputs or any(option.startswith(b"@") for option in line.options)):
        return None
    return Building(
        family=driver.family,
        language=language_of(line, driver),
        version=driver.version,
        sources=tuple(source.path for source in line.sources),
        objects=tuple(given.path for given in line.inputs if given.language is None),
        outputs=line.outputs,
        options=tuple(line.options),
        links=line.stage == "link",
    )


def driver_of(command: Command) -> Driver | None:
    """Recognize a driver by its executable, or by the name under which it was called (`cc`, a ccache link).

    A student's own program is a program, whatever its name.
    """
    if command.own(command.exe):
        return None
    by_exe = NAME.fullmatch(command.exe_name)
    by_call = NAME.fullmatch(command.called)
    known = by_exe or by_call
    if known is None:
        return None
    folder = FOLDER_VERSION.search(command.exe)
    version = known["version"] or (folder["version"] if folder else None)
    # clang and clang++ are one executable: only the call tells which.
    plus = (by_call or known)["driver"].endswith(b"++")
    return Driver(FAMILIES[known["driver"]], version.decode() if version else None, "c++" if plus else "c")


def language_of(line: DriverLine, driver: Driver) -> str:
    """Give the language of the first source; a C++ driver takes C for C++."""
    first = next(iter(line.sources), None)
    if first is None or first.language is None:
        return driver.language
    return "c++" if driver.language == "c++" and first.language == "c" else first.language
