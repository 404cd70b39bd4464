"""What the fields of a settings struct say of themselves.

A field's type carries its limits, its help and, where they need words, its unit, what a pattern allows and an
example: `port: Annotated[int, Meta(ge=0, le=65535, description="TCP port", extra={"unit": "..."})] = 8080`.
A field that is a dict of structs is a table of the file, `[courses.NAME]`, whose keys are the struct's.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect, structs

PREFIX = "JCODE_WATCHER_"
StructType = type[msgspec.Struct]


class Said(NamedTuple):
    """What a type says of itself beside its limits."""

    help: str = ""
    unit: str = ""
    allowed: str = ""
    """What a value may be, where that is a pattern."""
    example: str = ""
    """A value, where the default is none."""


class Field(NamedTuple):
    """One setting."""

    name: str
    annotation: Any
    """Its type as it stands in the struct."""
    type: inspect.Type
    default: Any
    required: bool
    said: "Said"
    key: "tuple[inspect.Type, Said] | None" = None
    """What a table's name must be; None where the setting is no table."""
    item: "tuple[inspect.Type, Said] | None" = None
    """What each of several values must be; None where it holds one."""

    @property
    def help(self) -> str:
        """What it does."""
        return self.said.help

    @property
    def unit(self) -> str:
        """What it is counted in; empty where that needs no word."""
        return self.said.unit

    @property
    def flag(self) -> str:
        """Name of the command line's flag."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return PREFIX + self.name.upper()

    @property
    def flags(self) -> tuple[str, ...]:
        """Names of all its flags: of a switch also the one that turns it off; none of a table."""
        if self.table:
            return ()
        return (self.flag, f"--no-{self.flag[2:]}") if self.switch else (self.flag,)

    @property
    def repeatable(self) -> bool:
        """Whether it holds several values."""
        return self.item is not None

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values where they are listed."""
        listed = self.item[0] if self.item else self.type
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
    annotations = {field.name: field.type for field in structs.fields(struct)}
    for field in info.fields:
        described, said = unwrapped(field.type)
        default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory
        key = unwrapped(described.key_type) if isinstance(described, inspect.DictType) else None
        item = unwrapped(described.item_type) if isinstance(described, inspect.VarTupleType) else None
        yield Field(field.name, annotations[field.name], described, default, field.required, said, key, item)


def unwrapped(described: inspect.Type) -> tuple[inspect.Type, Said]:
    """Give a type without what is said of it, and that."""
    said = Said()
    while True:
        if isinstance(described, inspect.Metadata):
            help_line = (described.extra_json_schema or {}).get("description", said.help)
            said = said._replace(help=help_line, **(described.extra or {}))
            described = described.type
        elif isinstance(described, inspect.UnionType) and described.includes_none:
            described = next(one for one in described.types if not isinstance(one, inspect.NoneType))
        else:
            return described, said


def shown(value: Any) -> str:
    """Give a value as the reference page and `--help` show it."""
    if value is None or value in ((), "", dict) or value is msgspec.NODEFAULT:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    return str(value) if not isinstance(value, Path) else value.as_posix()
