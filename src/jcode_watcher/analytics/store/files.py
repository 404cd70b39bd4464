"""A student's files of one assignment, and their versions, derived from what happened to them."""

from collections.abc import Iterable

import msgspec

from jcode_watcher.analytics.store.connection import Connection
from jcode_watcher.analytics.store.timeline import START, Place, Selection, page
from jcode_watcher.events.file import Writer

PAGE_EVENTS = 10_000
"""File events held in memory at once; they come without content."""
FILE_KINDS = ("file.saved", "file.deleted", "file.moved")


class FileRow(msgspec.Struct):
    """A file as it stood after the last event."""

    path: str
    size: int = 0
    """In bytes; 0 for a moved file that was never seen before."""
    sha256: str | None = None
    versions: int = 0
    """Saves under this path."""
    deleted: bool = False


class VersionRow(msgspec.Struct, frozen=True):
    """One completed save."""

    id: str
    time: str
    sha256: str | None
    size: int
    how: str
    writer: Writer


class FileBody(msgspec.Struct):
    """Fields of all file events, as far as they matter here."""

    path: str
    destination: str = ""
    size: int = 0
    sha256: str | None = None
    how: str = ""
    writer: Writer = Writer()


class FileEvent(msgspec.Struct):
    """What a file's event says that matters here."""

    id: str
    kind: str
    time: str
    body: FileBody


FILE_EVENT = msgspec.json.Decoder(FileEvent)


def files_of(connection: Connection, selection: Selection) -> list[FileRow]:
    """Give every file ever seen in an assignment, by path."""
    return folded(events_of(connection, selection._replace(kinds=FILE_KINDS)))


def versions_of(connection: Connection, selection: Selection, path: str) -> list[VersionRow]:
    """Give every save under a path, oldest first."""
    saves = events_of(connection, selection._replace(kinds=("file.saved",), path=path))
    return [VersionRow(e.id, e.time, e.body.sha256, e.body.size, e.body.how, e.body.writer) for e in saves]


def events_of(connection: Connection, selection: Selection) -> Iterable[FileEvent]:
    """Give the file events asked for, oldest first, from bounded pages."""
    after: Place | None = START
    while after is not None:
        found = page(connection, selection, after, PAGE_EVENTS)
        yield from (FILE_EVENT.decode(event.envelope) for event in found)
        after = found[-1].place if len(found) == PAGE_EVENTS else None


def folded(events: Iterable[FileEvent]) -> list[FileRow]:
    """Let the events happen, oldest first, and give the files that remain, and those that are gone."""
    files: dict[str, FileRow] = {}
    sizes: dict[str | None, int] = {}
    for event in events:
        body = event.body
        file = files.setdefault(body.path, FileRow(body.path))
        if event.kind == "file.saved":
            file.size, file.sha256, file.deleted = body.size, body.sha256, False
            file.versions += 1
            sizes[body.sha256] = body.size
        else:
            file.deleted = True
        if event.kind == "file.moved":
            target = files.setdefault(body.destination, FileRow(body.destination))
            target.sha256, target.deleted = body.sha256 or file.sha256, False
            target.size = sizes.get(target.sha256, file.size)
    return [files[path] for path in sorted(files)]
