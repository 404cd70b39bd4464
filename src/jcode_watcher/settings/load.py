"""Settings from their three places, read once: flag over environment over file over default."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from jcode_watcher.settings.fields import Field, fields_of

S = TypeVar("S", bound=msgspec.Struct)
PLACE = re.compile(r" - at `\$\.(\w+)(.*)`$")


class BadSetting(Exception):
    """A setting was refused. Who must act: the operator."""

    exit_status = 2


def load(struct: type[S], flags: Mapping[str, Any], environment: Mapping[str, str]) -> S:
    """Give a program's settings, checked.

    `flags` holds what the command line gave, `config` (a TOML file) among it; `environment` holds
    `JCODE_WATCHER_<SETTING>`, several values separated by commas. BadSetting says in one line which setting
    was refused, its value, and what is allowed.
    """
    fields = {field.name: field for field in fields_of(struct)}
    given = from_file(flags.get("config"), fields)
    given |= {
        f.name: from_text(f, environment[f.variable]) for f in fields.values() if f.variable in environment
    }
    given |= {name: value for name, value in flags.items() if name in fields}
    missing = [field.flag for field in fields.values() if field.required and field.name not in given]
    if missing:
        raise BadSetting(f"{missing[0]} is required")
    try:
        return msgspec.convert(given, struct, strict=False, dec_hook=from_plain)
    except msgspec.ValidationError as error:
        raise BadSetting(explained(str(error), given, fields)) from None


def from_file(path: str | None, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Read a TOML file, whose keys are the settings' names."""
    if path is None:
        return {}
    try:
        text = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"--config {path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"--config {path}: not TOML: {error}") from None
    unknown = sorted(text.keys() - fields.keys())
    if unknown:
        raise BadSetting(f"--config {path}: no setting {unknown[0]!r}; known are {', '.join(fields)}")
    return text


def from_text(field: Field, text: str) -> Any:
    """Read an environment variable's value."""
    return tuple(filter(None, text.split(","))) if field.repeatable else text


def from_plain(wanted: type, value: Any) -> Any:
    """Turn a plain value into a type that msgspec does not know."""
    if wanted is Path and isinstance(value, str):
        # Path("") is the current folder, and an unset shell variable an empty text.
        if not value:
            raise ValueError("expected a path, not nothing")
        return Path(value)
    raise ValueError(f"expected a {wanted.__name__}")


def explained(message: str, given: Mapping[str, Any], fields: Mapping[str, Field]) -> str:
    """Say which setting was refused, its value, and what is allowed."""
    place = PLACE.search(message)
    if place is None:
        return message
    field = fields[place[1]]
    if field.choices:
        return f"{field.flag} {given[field.name]!r}: give one of {', '.join(field.choices)}"
    if "matching regex" in message:
        return f"{field.flag} {given[field.name]!r}: give the {field.help}"
    allowed = PLACE.sub("", message).replace("`", "")
    return f"{field.flag} {given[field.name]!r}: {allowed[0].lower()}{allowed[1:]}"
