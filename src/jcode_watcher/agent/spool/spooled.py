"""An event as it stands in the spool."""

from typing import NamedTuple


class Spooled(NamedTuple):
    """An event that waits for delivery."""

    position: int
    id: str
    time_ns: int
    json: bytes
