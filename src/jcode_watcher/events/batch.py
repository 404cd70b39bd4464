"""What is posted to `POST /v1/batches`, and what is answered."""

from typing import Annotated, Final

import msgspec

BATCH_EVENTS_MAX: Final = 2_000
BATCH_BYTES_MAX: Final = 8 * 1024 * 1024
"""Of the JSON text, decompressed."""

BatchId = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Events on their way, still as bytes: one bad event does not spoil the others."""

    batch_id: BatchId
    events: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=BATCH_EVENTS_MAX)]


class RejectedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that will never be stored; the sender sets it aside."""

    index: int
    id: str | None
    reason: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, given only after the data is on disk."""

    batch_id: str
    stored: int
    repeated: int
    """Events that were stored before."""
    rejected: list[RejectedEvent] = []
