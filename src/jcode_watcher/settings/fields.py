"""What the fields of a settings struct say of themselves.

A field's type carries its limits, its help and, where it has one, its unit:
`port: Annotated[int, Meta(ge=0, le=65535, description="TCP port", extra={"unit": "..."})] = 8080`. A field
that is a dict of structs is a table of the file, `[courses.NAME]`, whose keys are the struct's fields.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

PREFIX = "JCODE_WATCHER_"
StructType = type[msgspec.Struct]


class Field(NamedTuple):
    """One setting."""

    name: str
    type: inspect.Type
    default: Any
    required: bool
    help: str
    unit: str
    key: inspect.StrType | None = None
    """What a table's name must be; None where the setting is no table."""
    key_help: str = ""
    item_help: str = ""
    """What one of several values must be, where that is said."""

    @property
    def flag(self) -> str:
        """Name of the command line's flag."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return PREFIX + self.name.upper()

    @property
    def label(self) -> str:
        """What a refusal calls it."""
        return f"[{self.name}]" if self.table else self.flag

    @property
    def repeatable(self) -> bool:
        """Whether it holds several values."""
        return isinstance(self.type, inspect.VarTupleType)

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values where they are listed."""
        listed = self.type.item_type if isinstance(self.type, inspect.VarTupleType) else self.type
        return tuple(map(str, listed.values)) if isinstance(listed, inspect.LiteralType) else ()

    @property
    def switch(self) -> bool:
        """Whether it is on or off."""
        return isinstance(self.type, inspect.BoolType)

    @property
    def table(self) -> StructType | None:
        """What each table of this name holds; None where the setting is none, and so has a flag."""
        value = self.type.value_type if isinstance(self.type, inspect.DictType) else None
        return value.cls if isinstance(value, inspect.StructType) else None


def fields_of(struct: type[msgspec.Struct]) -> Iterator[Field]:
    """Give the settings of a program in the order in which they stand."""
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{struct} is not a struct")
    for field in info.fields:
        described, help_line, unit = unwrapped(field.type)
        default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory
        key, key_help, item_help = None, "", ""
        if isinstance(described, inspect.DictType):
            key, key_help, _ = unwrapped(described.key_type)
        if isinstance(described, inspect.VarTupleType):
            item_help = unwrapped(described.item_type)[1]
        key = key if isinstance(key, inspect.StrType) else None
        yield Field(field.name, described, default, field.required, help_line, unit, key, key_help, item_help)


def unwrapped(described: inspect.Type) -> tuple[inspect.Type, str, str]:
    """Give a type without what is said of it, and that: its help and its unit."""
    help_line, unit = "", ""
    while True:
        if isinstance(described, inspect.Metadata):
            help_line = (described.extra_json_schema or {}).get("description", help_line)
            unit = str((described.extra or {}).get("unit", unit))
            described = described.type
        elif isinstance(described, inspect.UnionType) and described.includes_none:
            described = next(one for one in described.types if not isinstance(one, inspect.NoneType))
        else:
            return described, help_line, unit


def shown(value: Any) -> str:
    """Give a value as the reference page and `--help` show it."""
    if value is None or value in ((), dict) or value is msgspec.NODEFAULT:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    return str(value) if not isinstance(value, Path) else value.as_posix()
