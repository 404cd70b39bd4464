"""Settings from their three places, read once: flag over environment over file over default."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from jcode_watcher.settings.fields import Field, fields_of

S = TypeVar("S", bound=msgspec.Struct)
PLACE = re.compile(r" - at `\$\.(\w+)(?:\[(\d+)\])?.*`$")
SHOWN_CHARACTERS_MAX = 200
"""Of a refused value in a refusal."""


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
        f.name: from_text(f, environment[f.variable])
        for f in fields.values()
        if not f.table and f.variable in environment
    }
    given |= {name: value for name, value in flags.items() if name in fields}
    given |= {f.name: tables_of(f, given[f.name]) for f in fields.values() if f.table and f.name in given}
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


def tables_of(field: Field, tables: Any) -> dict[str, msgspec.Struct]:
    """Read the tables of one name, each on its own, so that a refusal can name the one at fault."""
    if not isinstance(tables, dict):
        raise BadSetting(f"{field.name} {shortened(tables)}: give tables, [{field.name}.NAME]")
    return {name: table_of(field, name, values) for name, values in tables.items()}


def table_of(field: Field, name: str, values: Any) -> msgspec.Struct:
    """Read one table, whose keys are settings too."""
    key = field.key
    if key and not (re.search(key.pattern or "", name) and len(name) <= (key.max_length or len(name))):
        raise BadSetting(f"[{field.name}.{shortened(name)}]: give the {field.key_help}")
    label = f"[{field.name}.{name}]"
    if not isinstance(values, dict):
        raise BadSetting(f"{label} {shortened(values)}: give a table")
    struct = field.table or msgspec.Struct
    fields = {inner.name: inner for inner in fields_of(struct)}
    unknown = sorted(values.keys() - fields.keys())
    if unknown:
        raise BadSetting(f"{label}: no setting {unknown[0]!r}; known are {', '.join(fields)}")
    try:
        return msgspec.convert(values, struct, strict=False, dec_hook=from_plain)
    except msgspec.ValidationError as error:
        named = {inner.name: f"{label} {inner.name}" for inner in fields.values()}
        raise BadSetting(explained(str(error), values, fields, named)) from None


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


def explained(
    message: str,
    given: Mapping[str, Any],
    fields: Mapping[str, Field],
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say which setting was refused, its value, and what is allowed; `labels` name settings of a table."""
    place = PLACE.search(message)
    if place is None:
        return message
    field = fields[place[1]]
    value = given[field.name]
    if place[2] and (field.item_help or field.choices):
        value = value[int(place[2])]
    refused = f"{(labels or {}).get(field.name, field.label)} {shortened(value)}"
    if field.choices and (place[2] or not field.repeatable):
        return f"{refused}: give one of {', '.join(field.choices)}"
    if "matching regex" in message:
        return f"{refused}: give the {field.item_help or field.help}"
    allowed = PLACE.sub("", message).replace("`", "").replace(" | null", "")
    return f"{refused}: {allowed[0].lower()}{allowed[1:]}"


def shortened(value: Any) -> str:
    """Show a value on one line, cut where it is long."""
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS_MAX else f"{text[:SHOWN_CHARACTERS_MAX]}…"
