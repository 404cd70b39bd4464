"""Values as whoever gave them wrote them: on a command line and in the environment, or in a TOML file."""

import json
import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

SHOWN_CHARACTERS_MAX: Final = 200
"""Of a value in a refusal."""
DECIMAL_BITS_MAX: Final = 4 * SHOWN_CHARACTERS_MAX
"""Of a whole number; Python writes no longer ones in digits."""
PLAIN: Final = re.compile(r"""[^\s'"]*[^\s'":;,]""")
"""What stands in a sentence without quotes, and is not mixed up with it."""


def one_line(text: str) -> str:
    """Write what would break a line, or steer a terminal, as an escape: names may hold anything."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def as_text(text: object) -> str:
    """Show a word, or a path, of a command line or the environment; in quotes where it needs them."""
    word = str(text)
    shown = cut(one_line(word))
    return shown if word.isprintable() and PLAIN.fullmatch(word) else f"'{shown}'"


def as_texts(words: str | Sequence[str]) -> str:
    """Show one word, or several as the environment separates them."""
    return as_text(words if isinstance(words, str) else ",".join(words))


def as_toml(value: Any) -> str:
    """Show a value of a file."""
    return cut(one_line(toml(value)))


def toml(value: Any) -> str:
    """Write a value as TOML."""
    match value:
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{key} = {toml(held)}" for key, held in value.items()) + "}"
        case date() | time() | float():
            return str(value)
        case int() if value.bit_length() > DECIMAL_BITS_MAX:
            return hex(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def cut(text: str) -> str:
    """Leave out what is too long."""
    return text if len(text) <= SHOWN_CHARACTERS_MAX else f"{text[:SHOWN_CHARACTERS_MAX]}…"
