"""Settings, checked: whatever place a value comes from, it has the setting's type and keeps its limits."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect

from jcode_watcher.settings.allowed import allowed, allowed_list
from jcode_watcher.settings.errors import BadSetting
from jcode_watcher.settings.fields import Field, fields_of
from jcode_watcher.settings.given import Given, gathered, refuse_unknown
from jcode_watcher.settings.written import as_text, as_toml

S = TypeVar("S", bound=msgspec.Struct)
ITEM: Final = re.compile(r" - at `\$\[(\d+)\]`$")


def load(struct: type[S], flags: Mapping[str, Any], environment: Mapping[str, str]) -> S:
    """Give a program's settings, checked.

    `flags` holds what the command line gave, `config` (a TOML file) among it; `environment` holds
    `JCODE_WATCHER_<SETTING>`, several values separated by commas. BadSetting says in one line which setting
    was refused, its value, and what is allowed.
    """
    return checked(struct, gathered(struct, flags, environment))


def checked(struct: type[S], given: Mapping[str, Given]) -> S:
    """Give the settings of what was given; BadSetting for the first that cannot be."""
    fields = list(fields_of(struct))
    missing = [field.flag for field in fields if field.required and field.name not in given]
    if missing:
        raise BadSetting(f"{', '.join(missing)}: missing; see --help")
    values = {
        field.name: tables(field, given[field.name]) if field.table else converted(field, given[field.name])
        for field in fields
        if field.name in given
    }
    return struct(**values)


def converted(field: Field, given: Given) -> Any:
    """Give a value of the setting's type."""
    try:
        value = msgspec.convert(given.value, field.annotation, dec_hook=from_plain)
    except msgspec.ValidationError as error:
        raise BadSetting(refusal(field, given, str(error))) from None
    twice = [at for at, one in enumerate(value) if one in value[:at]] if field.repeatable else []
    if twice:
        raise BadSetting(f"{given.label} {given.shown(twice[0])}: given twice; give it once")
    return value


def refusal(field: Field, given: Given, message: str) -> str:
    """Say which setting was refused, its value, and what is allowed."""
    item = ITEM.search(message)
    value = given.shown(int(item[1]) if item else None)
    what = allowed(field) if item or not field.repeatable else allowed_list(field)
    is_quoted = isinstance(given.value, str) and given.text is None
    numeric = inspect.IntType | inspect.FloatType | inspect.BoolType
    hint = ", without quotes" if is_quoted and isinstance(field.type, numeric) else ""
    return f"{given.label} {value}: give {what}{hint}"


def tables(field: Field, given: Given) -> dict[str, msgspec.Struct]:
    """Read the tables of one name."""
    if not isinstance(given.value, dict):
        raise BadSetting(f"{given.label} {given.shown()}: give tables, [{field.name}.NAME]")
    most = field.type.max_length if isinstance(field.type, inspect.DictType) else None
    if most is not None and len(given.value) > most:
        raise BadSetting(f"{given.label}: {len(given.value)} tables; give at most {most}")
    place = given.label.removesuffix(field.name)
    return {name: table(field, place, name, values) for name, values in given.value.items()}


def table(field: Field, place: str, name: str, values: Any) -> msgspec.Struct:
    """Read one table, whose keys are settings too."""
    if field.key and not is_key(field.key[0], name):
        raise BadSetting(f"{place}[{field.name}.{as_text(name)}]: give the {field.key[1].help}")
    label = f"{place}[{field.name}.{name}]"
    if not isinstance(values, dict):
        raise BadSetting(f"{label} {as_toml(values)}: give a table")
    struct = field.table or msgspec.Struct
    refuse_unknown(label, values, [inner.name for inner in fields_of(struct)])
    return checked(struct, {key: Given(f"{label} {key}", value) for key, value in values.items()})


def is_key(kind: inspect.Type, name: str) -> bool:
    """Tell whether a table may have this name."""
    if not isinstance(kind, inspect.StrType):
        return True
    return bool(re.search(kind.pattern or "", name)) and len(name) <= (kind.max_length or len(name))


def from_plain(wanted: type, value: Any) -> Any:
    """Turn a plain value into a type that msgspec does not know."""
    # Path("") is the current folder, and an unset shell variable an empty text.
    if wanted is Path and isinstance(value, str) and value and "\0" not in value:
        return Path(value)
    raise ValueError(f"expected a {wanted.__name__}")
