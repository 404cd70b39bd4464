"""Contents of files, by their SHA-256."""

import base64
from collections.abc import Mapping

from jcode_watcher.analytics.store.connection import Connection

# The mark in front tells an empty file, which is kept, from no file.
MARK = b"+"
CONTENT = "SELECT concat('+', content) FROM contents WHERE sha256 = {sha256:String} LIMIT 1"


def insert_contents(connection: Connection, contents: Mapping[str, bytes]) -> None:
    """Keep contents; one that is kept already stays as it is, as merges drop the second."""
    rows = [{"sha256": key, "base64": base64.b64encode(raw).decode()} for key, raw in contents.items()]
    connection.insert("contents (sha256, base64)", rows)


def content_of(connection: Connection, sha256: str) -> bytes | None:
    """Give the exact bytes, or None if they are not kept."""
    answer = connection.answer(CONTENT, "RawBLOB", {"sha256": sha256})
    return answer.removeprefix(MARK) if answer else None
