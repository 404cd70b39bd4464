"""What a sink is: where events are delivered, and what it may answer."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from jcode_watcher.agent.spool import Spooled


class Stored(NamedTuple):
    """All of it is on the other side's disk, but for the events that it will never take."""

    stored: int
    repeated: int
    refused: Mapping[int, str]
    """Position in the spool to reason."""


class TooLarge(NamedTuple):
    """The batch is too large; a part of it may not be."""

    reason: str


class Unreadable(NamedTuple):
    """The batch cannot be read; an event in it is to blame."""

    reason: str


class Unauthorized(NamedTuple):
    """The token is not accepted."""

    reason: str


class Unavailable(NamedTuple):
    """Not now."""

    reason: str
    """A word for the metrics."""
    detail: str
    retry_after_seconds: float | None = None


Outcome = Stored | TooLarge | Unreadable | Unauthorized | Unavailable


class Sink(Protocol):
    """Takes events; may be given the same again."""

    async def send(self, events: Sequence[Spooled]) -> Outcome:
        """Deliver a batch once."""
