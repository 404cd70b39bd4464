"""From bytes to events, one clear line for each that is refused."""

from collections.abc import Iterator

import msgspec

from jcode_watcher.events.batch import Batch
from jcode_watcher.events.envelope import Envelope, RawEnvelope
from jcode_watcher.events.kinds import BODIES
from jcode_watcher.events.moment import nanoseconds

ENVELOPE = msgspec.json.Decoder(RawEnvelope)
BODY = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}
ANY_OBJECT = msgspec.json.Decoder(dict)
BATCH = msgspec.json.Decoder(Batch)
TIME_MIN_NS, TIME_MAX_NS = nanoseconds("2000-01-01T00:00:00Z"), nanoseconds("2200-01-01T00:00:00Z")

TOO_DEEP = "nested too deeply; send values of a few levels"
"""How deep is too deep follows from the interpreter's stack: no fixed number of levels."""


class BadEvent(ValueError):
    """An event, or a whole batch, that does not follow the contract. Who must act: the sender's developer."""

    def __init__(self, reason: str, event_id: str | None = None) -> None:
        super().__init__(reason)
        self.event_id = event_id


def decode_batch(text: bytes) -> Batch:
    """Read a batch whose events are still raw; BadEvent where it is no batch."""
    try:
        return BATCH.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadEvent(f"not a batch: {error}") from error
    except RecursionError as error:
        raise BadEvent(f"not a batch: {TOO_DEEP}") from error


def decode_event(raw: msgspec.Raw | bytes) -> Envelope:
    """Read one event; a body of an unknown kind is kept as the plain object it is. BadEvent if refused."""
    try:
        outer = ENVELOPE.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadEvent(str(error), event_id_of(raw)) from error
    except RecursionError as error:
        raise BadEvent(TOO_DEEP, event_id_of(raw)) from error
    try:
        if not TIME_MIN_NS <= nanoseconds(outer.time) <= TIME_MAX_NS:
            raise BadEvent(f"time {outer.time} is not between the years 2000 and 2200", outer.id)
        body = BODY.get(outer.kind, ANY_OBJECT).decode(outer.body)
    except msgspec.DecodeError as error:
        raise BadEvent(f"{outer.kind}: {error} (in body)", outer.id) from error
    except RecursionError as error:
        raise BadEvent(f"{outer.kind}: {TOO_DEEP} (in body)", outer.id) from error
    except ValueError as error:
        if isinstance(error, BadEvent):
            raise
        raise BadEvent(f"time {outer.time!r}: {error}", outer.id) from error
    return Envelope(
        id=outer.id,
        kind=outer.kind,
        time=outer.time,
        node=outer.node,
        agent=outer.agent,
        seq=outer.seq,
        subject=outer.subject,
        body=body,
    )


class _OnlyId(msgspec.Struct):
    id: str | None = None


ONLY_ID = msgspec.json.Decoder(_OnlyId)


def event_id_of(raw: msgspec.Raw | bytes) -> str | None:
    """Give the id of an event that is otherwise refused, where it has one."""
    try:
        return ONLY_ID.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def decode_events(raws: list[msgspec.Raw]) -> Iterator[Envelope | BadEvent]:
    """Read each event of a batch; a refused one comes as the error itself, in its place."""
    for raw in raws:
        try:
            yield decode_event(raw)
        except BadEvent as error:
            yield error
