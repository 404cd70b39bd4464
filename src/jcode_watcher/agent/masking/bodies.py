"""Takes the secrets out of what an event says. Pure.

It goes by the names of fields and not by kinds, so that a kind of tomorrow that carries a command line is
masked like those of today.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace

from jcode_watcher.agent.masking.arguments import hides_secret, hints_at_secret, masked_arguments
from jcode_watcher.agent.masking.shapes import masked_shapes
from jcode_watcher.events import Body
from jcode_watcher.events.activity import Activity

KINDS_MAX = 64


class MaskedBody(NamedTuple):
    """A body without secrets, and the rules that took one out, once for each."""

    body: Body
    rules: tuple[str, ...] = ()


def masked_body(body: Body) -> MaskedBody:
    """Give a body as it may leave the node; one without secrets comes back as it is."""
    fields = fields_of(type(body))
    changes: dict[str, Any] = {}
    rules: tuple[str, ...] = ()
    argv: Sequence[str] = ()
    if "argv" in fields:
        argv = body.argv  # type: ignore[union-attr]  # its kind has the field
        line, rules = masked_arguments(argv)
        if rules:
            changes["argv"] = line
    activity = body.activity if "activity" in fields else None  # type: ignore[union-attr]  # likewise
    # An activity is made of the words of its command line: where they hide nothing, it does not either.
    if activity is not None and (rules or not argv or hides_secret("\0".join(argv))):
        said = masked_activity(activity, dict(zip(argv, changes.get("argv", argv), strict=True)))
        if said != activity:
            changes["activity"] = said
    if "writer" in fields:
        line, rules = masked_arguments(body.writer.argv)  # type: ignore[union-attr]  # likewise
        if rules:
            changes["writer"] = replace(body.writer, argv=line)  # type: ignore[union-attr]  # likewise
    return MaskedBody(replace(body, **changes), rules) if changes else MaskedBody(body)


@lru_cache(KINDS_MAX)
def fields_of(kind: type[Body]) -> frozenset[str]:
    """Give the names of a kind's fields that may carry a command line."""
    return frozenset(kind.__struct_fields__) & {"argv", "activity", "writer"}


def masked_activity(activity: Activity, masked: Mapping[str, str]) -> Activity:
    """Give an activity in which every argument stands as in the masked command line."""
    changes: dict[str, Any] = {}
    for name in activity.__struct_fields__:
        value = getattr(activity, name)
        if isinstance(value, str):
            said: Any = masked_text(value, masked)
        elif isinstance(value, tuple):
            said = tuple(masked_text(part, masked) for part in value)
        else:
            continue
        if said != value:
            changes[name] = said
    return replace(activity, **changes) if changes else activity


def masked_text(text: str, masked: Mapping[str, str]) -> str:
    """Give a word of an activity without a secret: as the command line has it, or by its shape."""
    text = masked.get(text, text)
    return masked_shapes(text, []) if hints_at_secret(text) else text
