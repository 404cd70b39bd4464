"""Drivers of the gcc and clang families by name, on any architecture."""

import re
from typing import NamedTuple

from jcode_watcher.agent.classifying.classification import Building, Command
from jcode_watcher.agent.classifying.compiler_wrappers import WRAPPERS, unwrapped
from jcode_watcher.agent.classifying.driver_line import DriverLine, read_driver_line
from jcode_watcher.events import to_text

NAME = re.compile(
    rb"(?:[A-Za-z0-9_.]+-)*(?P<driver>gcc|g\+\+|cc|c\+\+|clang|clang\+\+)"
    rb"(?:-(?P<version>[0-9]+(?:\.[0-9]+)*))?(?:-posix|-win32)?"
)
"""With a target before it (`x86_64-linux-gnu-gcc`) and a version behind it (`gcc-13`)."""
FAMILIES = {b"gcc": "gcc", b"g++": "gcc", b"clang": "clang", b"clang++": "clang", b"cc": "cc", b"c++": "cc"}
FOLDER_VERSION = re.compile(rb"/llvm-?(?P<version>[0-9]+)/")
"""Where distributions put a clang of one version under its plain name."""
INNER_PROGRAMS = frozenset({b"-cc1", b"-cc1as", b"-cc1gen-reproducer"})
"""First arguments by which clang calls itself as its own helper."""

STAND_INS = WRAPPERS | {b""}
"""Executables behind which a compiler may be; the empty name is one that is not known."""


class Driver(NamedTuple):
    """Which driver it is."""

    family: str
    version: str | None
    plus: bool
    """Whether it takes C for C++."""


def classify(command: Command) -> Building | None:
    """Recognize a driver that was given something to build; `--version` and the like build nothing."""
    command = unwrapped(command)
    driver = driver_of(command)
    if driver is None or INNER_PROGRAMS.intersection(command.argv[1:2]):
        return None
    line = read_driver_line(command.argv[1:], plus=driver.plus, plus_ends_at_x=driver.family == "gcc")
    if line.only_says or not (line.inputs or line.response_files):
        return None
    return building_of(line, driver)


def building_of(line: DriverLine, driver: Driver) -> Building:
    """Say what a driver builds."""
    compiled = [given.path for given in line.inputs if given.language is None]
    return Building(
        family=driver.family,
        language=language_of(line, driver),
        version=driver.version,
        sources=tuple(source.path for source in line.sources),
        # Without linking, what was compiled before is passed over.
        objects=tuple(compiled) if line.links else (),
        libraries=line.libraries if line.links else (),
        outputs=line.outputs,
        options=tuple(line.options),
        links=line.links,
        standard=to_text(line.standard) if line.standard else None,
        warnings=tuple(line.warnings),
        response_files=tuple(line.response_files),
    )


def driver_of(command: Command) -> Driver | None:
    """Recognize a driver by its executable; a cache that stands in for one, by the name it was called.

    Anyone can call any other program by any name. A student's own program is a program, whatever its name.
    """
    by_exe = NAME.fullmatch(command.exe_name)
    by_call = NAME.fullmatch(command.called)
    known = by_exe or (by_call if command.exe_name in STAND_INS else None)
    if known is None or command.own(command.exe):
        return None
    folder = FOLDER_VERSION.search(command.exe)
    version = known["version"] or (folder["version"] if folder else None)
    # clang and clang++ are one executable: only the call tells which.
    plus = (by_call or known)["driver"].endswith(b"++")
    return Driver(FAMILIES[known["driver"]], version.decode() if version else None, plus)


def language_of(line: DriverLine, driver: Driver) -> str:
    """Give the language of the first source; the driver's own where there is none."""
    first = next((source.language for source in line.sources if source.language), None)
    return first or ("c++" if driver.plus else "c")
