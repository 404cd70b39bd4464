"""Reads the command line of a compiler driver as gcc and clang do. Pure."""

from collections.abc import Iterator, Sequence
from posixpath import basename, splitext

import msgspec

from jcode_watcher.agent.classifying.driver_options import (
    LANGUAGES,
    NAMED_LANGUAGES,
    STAGE_ORDER,
    STAGE_SUFFIXES,
    STAGES,
    TAKES_VALUE,
)
from jcode_watcher.events import to_text

DEFAULT_PROGRAM = b"a.out"
STANDARD_INPUT = b"-"


class Input(msgspec.Struct, frozen=True):
    """A file that a driver was given; `language` is None where it goes to the linker."""

    path: bytes
    language: str | None


class DriverLine(msgspec.Struct):
    """What a driver was asked for."""

    stage: str = "link"
    output: bytes | None = None
    inputs: list[Input] = msgspec.field(default_factory=list)
    options: list[bytes] = msgspec.field(default_factory=list)
    forced_language: str | None = None
    """By -x, for the inputs that follow."""

    @property
    def sources(self) -> tuple[Input, ...]:
        """Inputs to be compiled."""
        return tuple(given for given in self.inputs if given.language is not None)

    @property
    def outputs(self) -> tuple[bytes, ...]:
        """Files that it writes if all goes well."""
        if self.output is not None:
            return (self.output,)
        if self.stage == "link":
            return (DEFAULT_PROGRAM,)
        suffix = STAGE_SUFFIXES.get(self.stage)
        if suffix is None:
            return ()
        return tuple(
            splitext(basename(source.path))[0] + suffix
            for source in self.sources
            if source.path != STANDARD_INPUT
        )


def read_driver_line(arguments: Sequence[bytes]) -> DriverLine:
    """Read the arguments after the driver's name."""
    line = DriverLine()
    rest = iter(arguments)
    for argument in rest:
        if argument.startswith(b"-") and argument != STANDARD_INPUT:
            read_option(line, argument, rest)
        elif not argument.startswith(b"@"):
            line.inputs.append(Input(argument, language_of(argument, line.forced_language)))
        else:
            line.options.append(argument)
    return line


def read_option(line: DriverLine, option: bytes, rest: Iterator[bytes]) -> None:
    """Read one option and its value, where it has one."""
    if option.startswith(b"-o"):
        line.output = option[2:] or next(rest, None)
        return
    if option.startswith(b"-x"):
        named = option[2:] or next(rest, b"none")
        line.forced_language = None if named == b"none" else NAMED_LANGUAGES.get(named, to_text(named))
        line.options += [b"-x", named]
        return
    line.options.append(option)
    if option in STAGES:
        line.stage = min(line.stage, STAGES[option], key=STAGE_ORDER.index)
    if option in TAKES_VALUE and (value := next(rest, None)) is not None:
        line.options.append(value)


def language_of(path: bytes, forced: str | None) -> str | None:
    """Give the language of an input; None where it goes to the linker."""
    if forced is not None:
        return forced
    return LANGUAGES.get(splitext(path)[1])
