"""From facts about files to what the contract says of them, but for who did it. Pure."""

from base64 import b64encode
from typing import Literal

from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved
from jcode_watcher.filemon.facts import Deleted, Moved, Saved

Encoding = Literal["utf-8", "base64"]


def saved_body(fact: Saved, path: str, omitted: str | None) -> FileSaved:
    """Say that a version was completed."""
    content, encoding = encoded(fact.content)
    return FileSaved(
        path=path,
        size=fact.size,
        sha256=fact.sha256,
        content=content,
        encoding=encoding,
        omitted=omitted,
        how=fact.how,
        previous_sha256=fact.previous_sha256,
    )


def deleted_body(fact: Deleted, path: str) -> FileDeleted:
    """Say that a file is gone."""
    return FileDeleted(path=path, how=fact.how, previous_sha256=fact.previous_sha256)


def moved_body(fact: Moved, path: str, destination: str) -> FileMoved:
    """Say that a file has another path in the same assignment."""
    return FileMoved(path=path, destination=destination, sha256=fact.state.sha256)


def moved_out_body(fact: Moved, path: str) -> FileDeleted:
    """Say that a file left its assignment for another."""
    return FileDeleted(path=path, how="moved_out", previous_sha256=fact.state.sha256)


def moved_in_body(fact: Moved, path: str) -> FileSaved:
    """Say that a file came from another assignment; its content is known from there."""
    return FileSaved(
        path=path,
        size=fact.state.size,
        sha256=fact.state.sha256,
        omitted="moved",
        how="moved_in",
    )


def encoded(content: bytes | None) -> tuple[str | None, Encoding]:
    """Give a content as JSON can carry it; text with a NUL is none, and would grow sixfold as text."""
    if content is None:
        return None, "utf-8"
    if b"\0" not in content:
        try:
            return content.decode(), "utf-8"
        except UnicodeDecodeError:
            pass
    return b64encode(content).decode("ascii"), "base64"
