"""What every event carries, whatever its kind."""

from typing import Annotated, Any

import msgspec

from jcode_watcher.events.moment import Moment
from jcode_watcher.events.process import Count
from jcode_watcher.events.subject import Subject

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an event before its body is looked at."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    """Unique for ever: `<agent>.<seq>`."""
    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z_]*\.[a-z][a-z_]*$", max_length=64)]
    time: Moment
    """When it happened, not when it was processed."""
    node: Name
    agent: Name
    """Id of this start of the agent."""
    seq: Count
    """Counts the events of this start of the agent, from 1, without holes."""
    subject: Subject | None = None


class Envelope(Head, frozen=True, kw_only=True):
    """An event. Made once on the node, before the spool; the same after every retry."""

    body: Any
    """One of `BODIES`, by kind; any object where the kind is not known."""


class RawEnvelope(Head, frozen=True, kw_only=True):
    """An event whose body has not been looked at: a kind that is not known can still be kept."""

    body: msgspec.Raw
