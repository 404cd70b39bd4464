"""What was given, from the three places: flag over environment over file."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import inspect

from jcode_watcher.settings.errors import BadSetting
from jcode_watcher.settings.fields import Field, StructType, fields_of
from jcode_watcher.settings.files import CannotRead, read_file
from jcode_watcher.settings.written import as_text, as_texts, as_toml

FILE_BYTES_MAX: Final = 1024 * 1024
SWITCH: Final = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
PLACE: Final = re.compile(r"at line (\d+), column \d+")
FLAG: Final = r"(?<!\S)--([a-z]+(?:-[a-z]+)*)(?![\w=-])"
END: Final = r"(?=[:;,]?(?: |$))"
"""Where a value in a sentence ends."""


class Given(NamedTuple):
    """A value, not checked yet."""

    label: str
    """How the operator wrote the setting: its flag, its variable, or its file and key."""
    value: Any
    text: Any = None
    """The same, or each of several, as it was written; None where that was in a file, and is TOML."""

    @property
    def written(self) -> Any:
        """The value, or each of several, as it was written."""
        return self.value if self.text is None else self.text

    def shown(self, place: int | None = None) -> str:
        """Show the value as it was written, or the one of several at a place."""
        written = self.written if place is None else self.written[place]
        return as_toml(written) if self.text is None else as_texts(written)

    def shown_paths(self) -> dict[str, str]:
        """Map what a value, or each of several, becomes as a path to what `shown` makes of it."""
        show = as_toml if self.text is None else as_text
        several = self.written if isinstance(self.written, list) else [self.written]
        words = [word for word in several if isinstance(word, str)]
        return {form: show(word) for word in words for form in (str(Path(word)), as_text(Path(word)))}


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
            words = separated(field.variable, text) if field.repeatable else text
            given[field.name] = Given(field.variable, read(field, words), words)
        if field.name in flags:
            text = flags[field.name]
            given[field.name] = Given(field.flag, read(field, text), text)
    return given


def separated(variable: str, text: str) -> list[str]:
    """Give the several values of a variable; none where it is set to nothing."""
    words = text.split(",") if text else []
    if "" in words:
        raise BadSetting(f"{variable} {as_text(text)}: a value is empty; separate values by one comma")
    return words


def as_given(line: str, given: Mapping[str, Given]) -> str:
    """Name settings in a refusal, and their values, as the operator wrote them.

    The line names them by their flags, and may show a path in fewer characters than it was written in.
    """
    paths = {name: one.shown_paths() for name, one in given.items()}
    forms = sorted({form for one in paths.values() for form in one}, key=len, reverse=True)
    value = "|".join(map(re.escape, forms)) or "(?!)"

    def written(found: re.Match[str]) -> str:
        name = found[1].replace("-", "_")
        if name not in given:
            return found[0]
        shown = f" {paths[name].get(found[2], found[2])}" if found[2] else ""
        return given[name].label + shown

    return re.sub(f"{FLAG}(?: ({value}){END})?", written, line)


def from_file(path: str | None, fields: Mapping[str, Field]) -> dict[str, Given]:
    """Read a TOML file, whose keys are the settings' names."""
    if path is None:
        return {}
    label = f"--config {as_text(path)}"
    try:
        text = read_file(Path(path), FILE_BYTES_MAX).decode()
        values = tomllib.loads(text)
    except CannotRead as error:
        raise BadSetting(f"{label}: {error}; give a TOML file") from None
    except UnicodeDecodeError:
        raise BadSetting(f"{label}: not UTF-8; give a TOML file") from None
    except (ValueError, RecursionError) as error:
        raise BadSetting(f"{label}: {refused_line(text, str(error))}") from None
    refuse_unknown(label, values, fields)
    return {name: Given(f"{label}: {name}", value) for name, value in values.items()}


def refused_line(text: str, reason: str) -> str:
    """Say which line of a file is no TOML."""
    place = PLACE.search(reason)
    number = int(place[1]) if place else text.count("\n") + 1
    line = as_text("".join(text.split("\n")[number - 1 : number]).strip())
    if "twice" in reason or "overwrite" in reason:
        return f"line {number} {line}: given twice; give each key and each table once"
    return f'line {number} {line}: no TOML; give KEY = VALUE, such as node = "n1" or root = ["/a", "/b"]'


def refuse_unknown(label: str, names: Iterable[str], fields: Iterable[str]) -> None:
    """Refuse what is no setting."""
    unknown = sorted(set(names) - set(fields))
    if unknown:
        raise BadSetting(f"{label}: no setting {as_text(unknown[0])}; known are {', '.join(fields)}")


def read(field: Field, text: Any) -> Any:
    """Read text as the setting's type; what cannot be read so stays text, and is refused as such."""
    if isinstance(field.type, inspect.BoolType) and isinstance(text, str):
        return SWITCH.get(text.lower(), text)
    if isinstance(field.type, inspect.IntType) and re.fullmatch(r"-?[0-9]{1,30}", text):
        return int(text)
    if isinstance(field.type, inspect.FloatType) and re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        return float(text)
    return text
