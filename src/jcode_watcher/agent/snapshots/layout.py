"""Where a version lies in the snapshot tree. Pure.

`<course>-<section>/<assignment>/<student>/<path with @ for />/<YYYYMMDD_HHMMSS><suffix>`, in UTC.
"""

from datetime import UTC, datetime
from hashlib import sha256
from os import fsdecode
from posixpath import splitext
from typing import Final, NamedTuple

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.events import Body, Subject, to_bytes
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved

NAME_BYTES_MAX: Final = 255
"""What Linux allows in a name."""
SUFFIX_BYTES_MAX: Final = 200
CUT: Final = b"%~"
"""Stands in a name that was too long, before its hash; what is written for a `%` never reads so."""
HASH_DIGITS: Final = 32
SECOND_NS: Final = 1_000_000_000


class Place(NamedTuple):
    """Where the versions of one file lie."""

    folders: tuple[bytes, bytes, bytes, bytes]
    suffix: bytes

    @property
    def path(self) -> str:
        """Name the folder, for people."""
        return fsdecode(b"/".join(self.folders))


def is_due(draft: Draft) -> bool:
    """Tell whether the tree has to show an event: a content, or that there is none any more."""
    subject = draft.subject
    return subject is not None and is_placed(subject) and has_news(draft.body)


def is_placed(subject: Subject) -> bool:
    """Tell whether all is known that makes a place."""
    return None not in (subject.course, subject.section, subject.student, subject.assignment)


def has_news(body: Body) -> bool:
    """Tell whether there is anything to write; an unchanged content is in the tree, one too large nowhere."""
    if isinstance(body, FileSaved):
        return body.content is not None
    return isinstance(body, FileDeleted | FileMoved)


def place_of(subject: Subject, path: str) -> Place:
    """Give the place of a file of a placed subject."""
    course, section, student, assignment = (
        to_bytes(part or "")
        for part in (subject.course, subject.section, subject.student, subject.assignment)
    )
    below = to_bytes(path)
    suffix = splitext(below)[1][:SUFFIX_BYTES_MAX]
    return Place((course + b"-" + section, assignment, student, folder_of(below)), suffix)


def folder_of(below: bytes) -> bytes:
    """Give the one name that stands for a path; no two paths have the same.

    Before `@` takes the place of `/`, a `@` becomes `%40` and a `%` becomes `%25`. A name that gets too long
    is cut, and differs by its hash from any other.
    """
    name = below.replace(b"%", b"%25").replace(b"@", b"%40").replace(b"/", b"@")
    if len(name) <= NAME_BYTES_MAX:
        return name
    suffix = splitext(below)[1]
    digest = sha256(name).hexdigest()[:HASH_DIGITS].encode()
    end = CUT + digest + (suffix if len(suffix) <= SUFFIX_BYTES_MAX else b"")
    return whole_characters(name[: NAME_BYTES_MAX - len(end)]) + end


def whole_characters(cut: bytes) -> bytes:
    """Leave out what is left of a UTF-8 character at the end of a name that was cut."""
    try:
        cut.decode()
    except UnicodeDecodeError as error:
        return cut[: error.start] if error.reason == "unexpected end of data" else cut
    return cut


def stamp_of(second: int) -> bytes:
    """Give a second as the names of versions do."""
    at = datetime.fromtimestamp(second, UTC)
    return at.strftime("%Y%m%d_%H%M%S").encode()
