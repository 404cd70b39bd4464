"""Reads the command line of a compiler driver as gcc and clang do. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, join, splitext

import msgspec

from jcode_watcher.agent.classifying.driver_options import (
    ANSI,
    BITCODE_SUFFIXES,
    HEADER_SUFFIX,
    HEADER_SUFFIXES,
    LANGUAGE,
    LANGUAGES,
    LIBRARY,
    LIBRARY_FOLDER,
    NAMED_LANGUAGES,
    ONLY_SAYS,
    OUTPUT,
    PASSED_ON,
    PLUS_LANGUAGES,
    STAGE_ORDER,
    STAGE_SUFFIXES,
    STAGES,
    STANDARD,
    TAKES_VALUE,
    WARNINGS,
)
from jcode_watcher.events import to_text

DEFAULT_PROGRAM = b"a.out"
NO_FILES = frozenset({b"-", b"/dev/null", b"/dev/stdout"})
"""Outputs that leave no file."""
STANDARD_INPUT = b"-"
LIBRARIES_MAX = 64
"""How many files are considered for the libraries that are named without a folder."""


class Input(msgspec.Struct, frozen=True):
    """A file that a driver was given; `language` is None where it goes to the linker."""

    path: bytes
    language: str | None
    is_header: bool = False


class DriverLine(msgspec.Struct):
    """What a driver was asked for."""

    languages: Mapping[bytes, str]
    """By suffix, for the inputs that follow."""
    stage: str = "link"
    output: bytes | None = None
    inputs: list[Input] = msgspec.field(default_factory=list)
    options: list[bytes] = msgspec.field(default_factory=list)
    plus_ends_at_x: bool = False
    forced_language: bytes | None = None
    """By -x, for the inputs that follow."""
    standard: bytes | None = None
    warnings: list[bytes] = msgspec.field(default_factory=list)
    response_files: list[bytes] = msgspec.field(default_factory=list)
    """Files of further arguments, which are not read."""
    library_names: list[bytes] = msgspec.field(default_factory=list)
    library_folders: list[bytes] = msgspec.field(default_factory=list)
    only_says: bool = False
    """Whether it was asked to say something and build nothing."""

    @property
    def sources(self) -> tuple[Input, ...]:
        """Inputs to be compiled."""
        return tuple(given for given in self.inputs if given.language is not None)

    @property
    def links(self) -> bool:
        """Whether it makes a program or library; headers alone become precompiled headers."""
        return self.stage == "link" and not (self.inputs and all(given.is_header for given in self.inputs))

    @property
    def libraries(self) -> tuple[bytes, ...]:
        """Files that -l may mean, in the folders that -L names."""
        return tuple(
            join(folder, b"lib" + name + suffix)
            for name in self.library_names
            for folder in self.library_folders
            for suffix in (b".a", b".so")
        )[:LIBRARIES_MAX]

    @property
    def outputs(self) -> tuple[bytes, ...]:
        """Files that it writes if all goes well; none where a file that was not read may name them."""
        if self.stage == "check" or self.output in NO_FILES:
            return ()
        if not (self.links or self.sources or self.response_files):
            return ()
        if self.output is not None:
            return (self.output,)
        if self.response_files or self.stage == "preprocess":
            return ()
        if not self.links:
            return tuple(map(self._output_of, self.sources))
        return (DEFAULT_PROGRAM, *(self._output_of(given) for given in self.sources if given.is_header))

    def _output_of(self, source: Input) -> bytes:
        if source.is_header:
            return source.path + HEADER_SUFFIX
        suffixes = BITCODE_SUFFIXES if b"-emit-llvm" in self.options else STAGE_SUFFIXES
        return splitext(basename(source.path))[0] + suffixes.get(self.stage, b"")


def read_driver_line(
    arguments: Sequence[bytes], *, plus: bool = False, plus_ends_at_x: bool = False
) -> DriverLine:
    """Read the arguments after the driver's name; `plus` for a driver that takes C for C++.

    g++ does so only until the first -x, clang++ throughout.
    """
    line = DriverLine(languages=PLUS_LANGUAGES if plus else LANGUAGES, plus_ends_at_x=plus_ends_at_x)
    rest = iter(arguments)
    for argument in rest:
        if argument == b"--":
            line.inputs += [input_of(path, line.forced_language, line.languages) for path in rest]
        elif argument.startswith(b"@"):
            line.response_files.append(argument[1:])
            line.options.append(argument)
        elif argument.startswith(b"-") and argument != STANDARD_INPUT:
            read_option(line, argument, rest)
        elif argument:
            line.inputs.append(input_of(argument, line.forced_language, line.languages))
    return line


def input_of(path: bytes, forced: bytes | None, languages: Mapping[bytes, str]) -> Input:
    """Give an input with its language: by -x, by its suffix; standard input is of the driver's own."""
    if forced is not None:
        return Input(path, NAMED_LANGUAGES.get(forced, to_text(forced)), forced.endswith(b"-header"))
    suffix = b".c" if path == STANDARD_INPUT else splitext(path)[1]
    return Input(path, languages.get(suffix), suffix in HEADER_SUFFIXES)


def read_option(line: DriverLine, option: bytes, rest: Iterator[bytes]) -> None:
    """Read one option and its value, where it has one."""
    if (output := value_of(option, OUTPUT, rest)) is not None:
        line.output = output or None
    elif (named := value_of(option, LANGUAGE, rest)) is not None:
        line.forced_language = None if named in {b"none", b""} else named
        line.languages = LANGUAGES if line.plus_ends_at_x else line.languages
        line.options += [b"-x", named]
    else:
        line.options.append(option)
        note_option(line, option)
        if option in TAKES_VALUE and (value := next(rest, None)) is not None:
            line.options.append(value)
            note_library(line, option + value)
        else:
            note_library(line, option)


def value_of(option: bytes, names: tuple[bytes, bytes], rest: Iterator[bytes]) -> bytes | None:
    """Give the value of an option that has a short and a long name; None where it is another option."""
    short, long = names
    if option.startswith(short):
        return option[len(short) :] or next(rest, b"")
    if option.startswith(long):
        joined = option[len(long) :]
        if not joined:
            return next(rest, b"")
        return joined[1:] if joined.startswith(b"=") else None
    return None


def note_option(line: DriverLine, option: bytes) -> None:
    """Note what an option says by itself."""
    if option in STAGES:
        line.stage = min(line.stage, STAGES[option], key=STAGE_ORDER.index)
    elif option.startswith(STANDARD):
        line.standard = option.partition(b"=")[2]
    elif option in ANSI:
        line.standard = b"ansi"
    elif option in WARNINGS or (option.startswith(b"-W") and not option.startswith(PASSED_ON)):
        line.warnings.append(option)
    elif option.startswith(ONLY_SAYS):
        line.only_says = True


def note_library(line: DriverLine, joined: bytes) -> None:
    """Note a library or a folder of libraries; an option and its value stand joined."""
    for names, found in ((LIBRARY, line.library_names), (LIBRARY_FOLDER, line.library_folders)):
        short, long = names
        if joined.startswith(short):
            found.append(joined[len(short) :])
        elif joined.startswith(long):
            found.append(joined[len(long) :].removeprefix(b"="))
