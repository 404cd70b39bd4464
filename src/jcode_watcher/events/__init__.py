"""The contract: the one description of what travels between the node and the service.

JSON Schema, TypeScript types and the reference page are generated from here (`make types`).
"""

from jcode_watcher.events.batch import (
    BATCH_BYTES_MAX,
    BATCH_EVENTS_MAX,
    Batch,
    Receipt,
    RejectedEvent,
)
from jcode_watcher.events.decode import BadEvent, decode_batch, decode_event, decode_events
from jcode_watcher.events.envelope import Envelope, RawEnvelope
from jcode_watcher.events.kinds import BODIES, Body, kind_of
from jcode_watcher.events.moment import moment, nanoseconds
from jcode_watcher.events.subject import Identity, Subject
from jcode_watcher.events.text import to_bytes, to_text

__all__ = [
    "BATCH_BYTES_MAX",
    "BATCH_EVENTS_MAX",
    "BODIES",
    "BadEvent",
    "Batch",
    "Body",
    "Envelope",
    "Identity",
    "RawEnvelope",
    "Receipt",
    "RejectedEvent",
    "Subject",
    "decode_batch",
    "decode_event",
    "decode_events",
    "kind_of",
    "moment",
    "nanoseconds",
    "to_bytes",
    "to_text",
]
