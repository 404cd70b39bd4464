"""An event as the store keeps it."""

from typing import NamedTuple

import msgspec


class EventRow(msgspec.Struct, kw_only=True):
    """One row of `events`; a part that is unknown is the empty string."""

    course: str = ""
    section: str = ""
    student: str = ""
    time: int
    """Nanoseconds since 1970."""
    agent: str
    seq: int
    id: str
    assignment: str = ""
    node: str
    kind: str
    activity: str = ""
    """`build`, `run` or nothing."""
    outcome: str = ""
    """How a process ended: `succeeded`, `failed`, `crashed`, `out_of_memory`, `stopped` or nothing."""
    path: str = ""
    sha256: str = ""
    commit: int = 0
    """Number of the commit that stored it; the writer sets it."""
    envelope: str
    """The event as JSON text, without a file's content."""


class NewEvent(NamedTuple):
    """An event that was checked and may be stored."""

    row: EventRow
    content: bytes | None
    """The file's bytes, named by the row's `sha256`; None where the event carries none."""
