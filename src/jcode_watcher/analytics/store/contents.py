"""Contents of files, by their SHA-256."""

from collections.abc import Mapping

from jcode_watcher.analytics.store.connection import Connection

INSERT = "INSERT INTO contents (sha256, content)"
CONTENT = "SELECT content FROM contents WHERE sha256 = {sha256:String} LIMIT 1"
BITS_A_BYTE = 7


def insert_contents(connection: Connection, contents: Mapping[str, bytes]) -> None:
    """Keep contents; one that is kept already stays as it is, as merges drop the second."""
    rows = (prefixed(sha256.encode()) + prefixed(content) for sha256, content in contents.items())
    connection.insert(INSERT, "RowBinary", b"".join(rows))


def content_of(connection: Connection, sha256: str) -> bytes | None:
    """Give the exact bytes, or None if they are not kept."""
    answer = connection.answer(CONTENT, "RowBinary", {"sha256": sha256})
    return without_prefix(answer) if answer else None


def prefixed(value: bytes) -> bytes:
    """Give a string as RowBinary writes it: its length as a LEB128 number, then its bytes."""
    length = len(value)
    prefix = bytearray()
    while length >= 1 << BITS_A_BYTE:
        prefix.append(length & 0x7F | 0x80)
        length >>= BITS_A_BYTE
    prefix.append(length)
    return bytes(prefix) + value


def without_prefix(answer: bytes) -> bytes:
    """Give the one string that a RowBinary answer holds."""
    start = next(place for place, byte in enumerate(answer) if byte < 1 << BITS_A_BYTE)
    return answer[start + 1 :]
