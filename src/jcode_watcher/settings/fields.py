"""What the fields of a settings struct say of themselves.

A field's type carries its limits, its help and, where it has one, its unit:
`port: Annotated[int, Meta(ge=0, le=65535, description="TCP port", extra={"unit": "..."})] = 8080`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

PREFIX = "JCODE_WATCHER_"


class Field(NamedTuple):
    """One setting."""

    name: str
    type: inspect.Type
    default: Any
    required: bool
    help: str
    unit: str

    @property
    def flag(self) -> str:
        """Name of the command line's flag."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return PREFIX + self.name.upper()

    @property
    def repeatable(self) -> bool:
        """Whether it holds several values."""
        return isinstance(self.type, inspect.VarTupleType)

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values where they are listed."""
        return tuple(map(str, self.type.values)) if isinstance(self.type, inspect.LiteralType) else ()

    @property
    def switch(self) -> bool:
        """Whether it is on or off."""
        return isinstance(self.type, inspect.BoolType)


def fields_of(struct: type[msgspec.Struct]) -> Iterator[Field]:
    """Give the settings of a program in the order in which they stand."""
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{struct} is not a struct")
    for field in info.fields:
        described = field.type
        extra: dict[str, Any] = {}
        help_line = ""
        while isinstance(described, inspect.Metadata):
            help_line = (described.extra_json_schema or {}).get("description", help_line)
            extra |= described.extra or {}
            described = described.type
        default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory
        yield Field(field.name, described, default, field.required, help_line, str(extra.get("unit", "")))


def shown(value: Any) -> str:
    """Give a value as the reference page and `--help` show it."""
    if value is None or value == () or value is msgspec.NODEFAULT:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    return str(value) if not isinstance(value, Path) else value.as_posix()
