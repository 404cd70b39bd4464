"""The command line of a program, made from its settings."""

import argparse

import msgspec

from jcode_watcher.settings.fields import Field, fields_of, shown


def add_flags(parser: argparse.ArgumentParser, struct: type[msgspec.Struct]) -> None:
    """Add `--config FILE` and one flag a setting; a flag that is not given is absent from the result.

    Tables have none: they are the file's alone.
    """
    parser.add_argument(
        "--config", metavar="FILE", help="TOML file with the settings below", default=argparse.SUPPRESS
    )
    for field in fields_of(struct):
        if not field.table:
            add_flag(parser, field)


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
