"""From a batch's text to events that may be stored, and one line for each that may not. Pure."""

import base64
import binascii
import hashlib
from typing import Any, NamedTuple

import msgspec

from jcode_watcher.analytics.errors import BadRequest, TooLarge
from jcode_watcher.analytics.ingest.outcome import outcome_of
from jcode_watcher.analytics.store.rows import EventRow, NewEvent
from jcode_watcher.events import (
    BATCH_EVENTS_MAX,
    BadEvent,
    Envelope,
    RejectedEvent,
    Subject,
    decode_batch,
    decode_event,
    nanoseconds,
)
from jcode_watcher.events.activity import Build
from jcode_watcher.events.decode import TOO_DEEP
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved
from jcode_watcher.events.process import Process

ENCODER = msgspec.json.Encoder()
OBJECT = msgspec.json.Decoder(dict[str, Any])


class CheckedBatch(NamedTuple):
    """A batch whose events were looked at one by one."""

    batch_id: str
    events: list[NewEvent]
    rejected: list[RejectedEvent]
    text_bytes: int


class _Length(msgspec.Struct):
    events: list[msgspec.Raw] = []


LENGTH = msgspec.json.Decoder(_Length)


def check(text: bytes) -> CheckedBatch:
    """Read a batch. BadRequest if it is none, TooLarge if it holds too many events."""
    try:
        batch = decode_batch(text)
    except BadEvent as error:
        raise refusal_of(text, error) from error
    events: list[NewEvent] = []
    rejected: list[RejectedEvent] = []
    for index, raw in enumerate(batch.events):
        try:
            events.append(new_event(raw))
        except BadEvent as error:
            rejected.append(RejectedEvent(index=index, id=error.event_id, reason=str(error)))
    return CheckedBatch(batch.batch_id, events, rejected, len(text))


def refusal_of(text: bytes, error: BadEvent) -> BadRequest | TooLarge:
    """Tell a batch that only needs halving from one that nobody can read."""
    try:
        count = len(LENGTH.decode(text).events)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        count = 0
    if count > BATCH_EVENTS_MAX:
        return TooLarge(f"batch of {count} events; at most {BATCH_EVENTS_MAX} are taken, send smaller ones")
    return BadRequest(str(error))


def new_event(raw: msgspec.Raw) -> NewEvent:
    """Give an event as it will be stored; BadEvent says why it is refused."""
    event = decode_event(raw)
    content = content_of(event)
    subject = event.subject or Subject()
    row = EventRow(
        course=subject.course or "",
        section=subject.section or "",
        student=subject.student or "",
        assignment=subject.assignment or "",
        time=nanoseconds(event.time),
        agent=event.agent,
        seq=event.seq,
        id=event.id,
        node=event.node,
        kind=event.kind,
        activity=activity_of(event.body),
        outcome=outcome_of(event.body),
        path=event.body.path if isinstance(event.body, FileSaved | FileDeleted | FileMoved) else "",
        sha256=(event.body.sha256 or "") if isinstance(event.body, FileSaved | FileMoved) else "",
        envelope=envelope_of(raw, event.id),
    )
    return NewEvent(row, content)


def content_of(event: Envelope) -> bytes | None:
    """Give the bytes that a save carries; BadEvent if they are not those that its SHA-256 names."""
    body = event.body
    if not isinstance(body, FileSaved) or body.content is None:
        return None
    content = body.content.encode()
    if body.encoding == "base64":
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise BadEvent(f"content of {body.path!r} is not base64: {error}", event.id) from error
    found = hashlib.sha256(content).hexdigest()
    if found != body.sha256:
        raise BadEvent(f"content of {body.path!r} hashes to {found}, not to sha256 {body.sha256}", event.id)
    return content


def envelope_of(raw: msgspec.Raw, event_id: str) -> str:
    """Give an event's whole JSON text without a file's content.

    Fields that this version does not know stay; what only looked like text (invalid UTF-8 where no field is
    known) is refused, as it would spoil every answer that holds it.
    """
    try:
        event = OBJECT.decode(raw)
        if event["kind"] == "file.saved":
            event["body"]["content"] = None
        return ENCODER.encode(event).decode()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadEvent(str(error), event_id) from error
    except RecursionError as error:
        # Where the contract knows no field, values were only skipped so far, which takes less of the stack.
        raise BadEvent(TOO_DEEP, event_id) from error


def activity_of(body: Any) -> str:
    """Tell what a process was for: `build`, `run` or nothing."""
    if not isinstance(body, Process) or body.activity is None:
        return ""
    return "build" if isinstance(body.activity, Build) else "run"
