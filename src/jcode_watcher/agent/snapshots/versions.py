"""What an event means for the snapshot tree: a version, an empty one where a file is gone, or both."""

from base64 import b64decode
from hashlib import sha256
from typing import Final

from jcode_watcher.agent.snapshots.errors import NotWritten
from jcode_watcher.agent.snapshots.layout import Place, place_of
from jcode_watcher.agent.snapshots.tree import OpenTree
from jcode_watcher.events import Envelope, nanoseconds
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved

GONE: Final = b""
"""The content of the version that says that a file is gone."""
ARRIVED: Final = b".to"
"""Ends the key of the version that a move makes at its destination."""


def keys_of(event_id: str) -> tuple[bytes, bytes]:
    """Give the keys under which an event's versions are begun."""
    return event_id.encode(), event_id.encode() + ARRIVED


def event_id_of(key: bytes) -> str:
    """Give the id of the event to which a key belongs."""
    return key.removesuffix(ARRIVED).decode(errors="replace")


def write_event(tree: OpenTree, event: Envelope) -> int:
    """Write what an event says; give the bytes. Said again after a crash, it changes nothing.

    NotWritten or TreeUnusable where that cannot be.
    """
    body, subject = event.body, event.subject
    if subject is None:
        raise NotWritten("other", f"{event.id}: about nobody")
    key, _ = keys_of(event.id)
    time_ns = nanoseconds(event.time)
    if isinstance(body, FileSaved):
        content = content_of(body)
        tree.write(key, place_of(subject, body.path), time_ns, content)
        return len(content)
    if isinstance(body, FileDeleted):
        tree.write(key, place_of(subject, body.path), time_ns, GONE)
        return 0
    if isinstance(body, FileMoved):
        return write_move(tree, event, place_of(subject, body.path), place_of(subject, body.destination))
    raise NotWritten("other", f"{event.id}: a {event.kind} has no version")


def write_move(tree: OpenTree, event: Envelope, source: Place, destination: Place) -> int:
    """Give the destination what the source had last, and then say that the source is gone.

    In this order: as long as the source's newest is the content, all of it can be done once more.
    """
    key, arrived = keys_of(event.id)
    time_ns = nanoseconds(event.time)
    content = tree.newest(source)
    known = content is not None and sha256(content).hexdigest() == event.body.sha256
    if known and content is not None:
        tree.write(arrived, destination, time_ns, content)
    begun = tree.is_begun(arrived)
    tree.write(key, source, time_ns, GONE)
    if not begun:
        raise NotWritten("not_in_tree", f"{event.id}: what was moved is not in the tree")
    return len(content or b"") if known else 0


def content_of(body: FileSaved) -> bytes:
    """Give the bytes that were saved."""
    content = body.content or ""
    return b64decode(content) if body.encoding == "base64" else content.encode()
