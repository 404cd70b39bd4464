"""What was given, from the three places: flag over environment over file."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import inspect

from jcode_watcher.settings.allowed import shortened
from jcode_watcher.settings.errors import BadSetting
from jcode_watcher.settings.fields import Field, StructType, fields_of
from jcode_watcher.settings.files import CannotRead, read_file

FILE_BYTES_MAX: Final = 1024 * 1024
SWITCH: Final = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
PLACE: Final = re.compile(r"at line (\d+), column \d+")
FLAG: Final = re.compile(r"(?<!\S)--([a-z]+(?:-[a-z]+)*)(?![\w=-])")


class Given(NamedTuple):
    """A value, not checked yet."""

    label: str
    """How the operator wrote the setting: its flag, its variable, or its file and key."""
    value: Any


def gathered(
    struct: StructType, flags: Mapping[str, Any], environment: Mapping[str, str]
) -> dict[str, Given]:
    """Give what was given and holds, by setting; text becomes what the setting's type asks for, if it can.

    BadSetting where the file cannot be read, or holds what is no setting.
    """
    fields = {field.name: field for field in fields_of(struct)}
    given = from_file(flags.get("config"), fields)
    for field in fields.values():
        if field.table:
            continue
        if field.variable in environment:
            text = environment[field.variable]
            words = tuple(filter(None, text.split(","))) if field.repeatable else text
            given[field.name] = Given(field.variable, read(field, words))
        if field.name in flags:
            given[field.name] = Given(field.flag, read(field, flags[field.name]))
    return given


def as_given(line: str, given: Mapping[str, Given]) -> str:
    """Name settings in a refusal as the operator wrote them, where it names them by their flags."""

    def label(found: re.Match[str]) -> str:
        name = found[1].replace("-", "_")
        return given[name].label if name in given else found[0]

    return FLAG.sub(label, line)


def from_file(path: str | None, fields: Mapping[str, Field]) -> dict[str, Given]:
    """Read a TOML file, whose keys are the settings' names."""
    if path is None:
        return {}
    try:
        text = read_file(Path(path), FILE_BYTES_MAX).decode()
        values = tomllib.loads(text)
    except CannotRead as error:
        raise BadSetting(f"--config {path}: {error}; give a TOML file") from None
    except UnicodeDecodeError:
        raise BadSetting(f"--config {path}: not UTF-8; give a TOML file") from None
    except (ValueError, RecursionError) as error:
        raise BadSetting(f"--config {path}: {refused_line(text, str(error))}") from None
    refuse_unknown(f"--config {path}", values, fields)
    return {name: Given(f"--config {path}: {name}", value) for name, value in values.items()}


def refused_line(text: str, reason: str) -> str:
    """Say which line of a file is no TOML."""
    place = PLACE.search(reason)
    number = int(place[1]) if place else text.count("\n") + 1
    line = shortened("".join(text.split("\n")[number - 1 : number]).strip())
    if "twice" in reason or "overwrite" in reason:
        return f"line {number} {line}: given twice; give each key and each table once"
    return f'line {number} {line}: no TOML; give KEY = VALUE, such as node = "n1" or root = ["/a", "/b"]'


def refuse_unknown(label: str, names: Iterable[str], fields: Iterable[str]) -> None:
    """Refuse what is no setting."""
    unknown = sorted(set(names) - set(fields))
    if unknown:
        raise BadSetting(f"{label}: no setting {shortened(unknown[0])}; known are {', '.join(fields)}")


def read(field: Field, text: Any) -> Any:
    """Read text as the setting's type; what cannot be read so stays text, and is refused as such."""
    if isinstance(field.type, inspect.BoolType) and isinstance(text, str):
        return SWITCH.get(text.lower(), text)
    if isinstance(field.type, inspect.IntType) and re.fullmatch(r"-?[0-9]{1,30}", text):
        return int(text)
    if isinstance(field.type, inspect.FloatType) and re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        return float(text)
    return text
