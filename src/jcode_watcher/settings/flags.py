"""The command line of a program, made from its settings."""

import argparse
import re
from ast import literal_eval
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final, NoReturn

from jcode_watcher.settings.errors import BadSetting
from jcode_watcher.settings.fields import Field, StructType, fields_of, shown
from jcode_watcher.settings.written import as_text

ARGUMENT: Final = re.compile(r"argument ([\w/-]+): (.*)", re.DOTALL)
"""How argparse begins where it refuses one argument."""
CLOSE: Final = 0.65
"""Near enough to be meant: sever is 0.91 near server and token 0.67 near token-file, foo 0.57 near root."""
NO_VALUE: Final = "a switch takes no value"


class CommandLine(argparse.ArgumentParser):
    """Refuses as all else does: BadSetting, one line."""

    def __init__(self, **options: Any) -> None:
        # A shortened flag would mean another one as soon as there is a second with its beginning.
        super().__init__(**options | {"allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        """Refuse."""
        found = ARGUMENT.match(message)
        raise BadSetting(argument_line(found[1].split("/"), found[2]) if found else f"{message}; see --help")

    def parsed(self, arguments: Sequence[str], flags: Sequence[str]) -> dict[str, Any]:
        """Give what the command line gave, by name; BadSetting where it holds what is none of the flags."""
        given, unknown = self.parse_known_args(arguments)
        if unknown:
            raise BadSetting(unknown_line(unknown[0], arguments, flags))
        return vars(given)


def argument_line(flags: Sequence[str], reason: str) -> str:
    """Say in our words what argparse has against an argument."""
    if found := re.fullmatch(r"ignored explicit argument (.*)", reason, re.DOTALL):
        return f"{flags[0]} {as_text(literal_eval(found[1]))}: {NO_VALUE}; give {' or '.join(flags)}"
    if found := re.fullmatch(r"invalid choice: (.*) \(choose from (.*)\)", reason, re.DOTALL):
        return f"{flags[0]} {as_text(literal_eval(found[1]))}: give one of {found[2].replace(chr(39), '')}"
    if reason == "expected one argument":
        return f"{flags[0]}: its value is missing; one that begins with - is given as {flags[0]}=VALUE"
    return f"{flags[0]}: {reason}"


def unknown_line(word: str, arguments: Sequence[str], flags: Sequence[str]) -> str:
    """Say what is wrong with a word that is no flag."""
    before = ["", *arguments][arguments.index(word)]
    off = before.replace("--", "--no-", 1)
    if off in flags:
        return f"{before} {as_text(word)}: {NO_VALUE}; give {before} or {off}"
    if not word.startswith("-"):
        return f"{as_text(word)}: belongs to no flag; give --FLAG VALUE, see --help"
    # Without the hyphens, which make all flags alike.
    names = [flag.lstrip("-") for flag in flags]
    close = get_close_matches(word.split("=", maxsplit=1)[0].lstrip("-"), names, 1, CLOSE)
    return f"{as_text(word)}: no flag; {f'did you mean --{close[0]}? S' if close else 's'}ee --help"


def add_flags(parser: argparse.ArgumentParser, struct: StructType) -> None:
    """Add `--config FILE` and one flag a setting; a flag that is not given is absent from the result.

    Tables have none: they are the file's alone.
    """
    parser.add_argument(
        "--config", metavar="FILE", help="TOML file with the settings below", default=argparse.SUPPRESS
    )
    for field in fields_of(struct):
        if not field.table:
            add_flag(parser, field)


def flags_of(struct: StructType) -> list[str]:
    """Give the names of all flags of a program."""
    return ["--config", *(name for field in fields_of(struct) for name in field.flags)]


def add_flag(parser: argparse.ArgumentParser, field: Field) -> None:
    """Add one flag: a switch, a repeatable one, or a plain one."""
    unit = f" in {field.unit}" if field.unit else ""
    text = f"{field.help}{unit} (default: {shown(field.default)})".replace("%", "%%")
    if field.switch:
        parser.add_argument(
            field.flag, action=argparse.BooleanOptionalAction, help=text, default=argparse.SUPPRESS
        )
        return
    parser.add_argument(
        field.flag,
        action="append" if field.repeatable else "store",
        metavar="|".join(field.choices) or field.name.split("_")[-1].upper(),
        help=text + (", may be repeated" if field.repeatable else ""),
        default=argparse.SUPPRESS,
    )
