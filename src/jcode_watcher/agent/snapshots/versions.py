"""What an event means for the snapshot tree: a version, an empty one where a file is gone, or both."""

from base64 import b64decode
from hashlib import sha256
from typing import Final, NamedTuple

from jcode_watcher.agent.snapshots.errors import NotWritten
from jcode_watcher.agent.snapshots.layout import Place, place_of
from jcode_watcher.agent.snapshots.tree import OpenTree
from jcode_watcher.events import Envelope, nanoseconds
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved

GONE: Final = b""
"""The content of the version that says that a file is gone."""
ARRIVED: Final = b".to"
"""Ends the key of the version that a move makes at its destination."""


class Shown(NamedTuple):
    """What became of an event in the tree."""

    bytes: int
    replaced: tuple[str, ...] = ()
    """Files of which it took the name of the version before it, as none was free."""


def keys_of(event_id: str) -> tuple[bytes, bytes]:
    """Give the keys under which an event's versions are begun."""
    return event_id.encode(), event_id.encode() + ARRIVED


def event_id_of(key: bytes) -> str:
    """Give the id of the event to which a key belongs."""
    return key.removesuffix(ARRIVED).decode(errors="replace")


def write_event(tree: OpenTree, event: Envelope) -> Shown:
    """Write what an event says, on disk after the tree's `sync`. Said again, it changes nothing.

    NotWritten or TreeUnusable where that cannot be.
    """
    body, subject = event.body, event.subject
    if subject is None:
        raise NotWritten("other", f"{event.id}: about nobody")
    key, _ = keys_of(event.id)
    time_ns = nanoseconds(event.time)
    if isinstance(body, FileSaved | FileDeleted):
        place = place_of(subject, body.path)
        content = content_of(body) if isinstance(body, FileSaved) else GONE
        return Shown(len(content), write_version(tree, key, place, time_ns, content))
    if isinstance(body, FileMoved):
        return write_move(tree, event, place_of(subject, body.path), place_of(subject, body.destination))
    raise NotWritten("other", f"{event.id}: a {event.kind} has no version")


def write_version(tree: OpenTree, key: bytes, place: Place, time_ns: int, content: bytes) -> tuple[str, ...]:
    """Write a version; name its file where it took the name of the one before it."""
    return (place.path,) if tree.write(key, place, time_ns, content) else ()


def write_move(tree: OpenTree, event: Envelope, source: Place, destination: Place) -> Shown:
    """Give the destination what the source had last, and then say that the source is gone.

    In this order, on the disk too: as long as the source's newest is the content, all can be done once more.
    """
    key, arrived = keys_of(event.id)
    time_ns = nanoseconds(event.time)
    content = tree.newest(source)
    if content is None or sha256(content).hexdigest() != event.body.sha256:
        content = None
    replaced: tuple[str, ...] = ()
    if content is not None:
        replaced = write_version(tree, arrived, destination, time_ns, content)
        tree.sync()
    begun = tree.is_begun(arrived)
    replaced += write_version(tree, key, source, time_ns, GONE)
    if not begun:
        raise NotWritten("not_in_tree", f"{destination.path}: what was moved is not in the tree")
    return Shown(len(content or b""), replaced)


def content_of(body: FileSaved) -> bytes:
    """Give the bytes that were saved."""
    content = body.content or ""
    return b64decode(content) if body.encoding == "base64" else content.encode()
