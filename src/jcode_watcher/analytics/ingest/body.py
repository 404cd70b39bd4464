"""A body's plain text, its limit enforced while it is decompressed."""

import zlib
from collections.abc import Callable

import zstandard

from jcode_watcher.analytics.errors import BadRequest, TooLarge
from jcode_watcher.events import BATCH_BYTES_MAX

STEP_BYTES = 512
"""Of zstd decompressed at once. A block of 4 bytes can stand for 128 KiB, so a bomb ends within 16 MiB."""
WINDOW_BYTES_MAX = 8 * 1024 * 1024


def decompressed(body: bytes, encoding: str, bytes_max: int = BATCH_BYTES_MAX) -> bytes:
    """Give the plain text of a body. TooLarge over the limit, BadRequest if it is not what it says."""
    decompress = DECOMPRESS.get(encoding.strip().lower())
    if decompress is None:
        raise BadRequest(f"Content-Encoding {encoding!r}; send zstd, gzip or none")
    text = decompress(body, bytes_max)
    if len(text) > bytes_max:
        raise TooLarge(f"batch is over {bytes_max} bytes decompressed; send smaller batches")
    return text


def of_zstd(body: bytes, bytes_max: int) -> bytes:
    """Decompress one zstd frame; stop soon after the limit."""
    frame = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES_MAX).decompressobj()
    text = bytearray()
    for start in range(0, len(body), STEP_BYTES):
        if frame.eof:
            break
        try:
            text += frame.decompress(body[start : start + STEP_BYTES])
        except zstandard.ZstdError as error:
            raise BadRequest(
                f"body is not zstd (window at most {WINDOW_BYTES_MAX} bytes): {error}"
            ) from error
        if len(text) > bytes_max:
            return bytes(text)
    return whole(text, "zstd", ended=frame.eof)


def of_gzip(body: bytes, bytes_max: int) -> bytes:
    """Decompress one gzip member, at most one byte beyond the limit."""
    member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        text = member.decompress(body, bytes_max + 1)
    except zlib.error as error:
        raise BadRequest(f"body is not gzip: {error}") from error
    return text if len(text) > bytes_max else whole(text, "gzip", ended=member.eof)


def whole(text: bytes | bytearray, encoding: str, *, ended: bool) -> bytes:
    """Give the text if its compressed form was complete."""
    if not ended:
        raise BadRequest(f"body is not whole {encoding}: its end is missing")
    return bytes(text)


def of_none(body: bytes, _bytes_max: int) -> bytes:
    """Give it as it is."""
    return body


DECOMPRESS: dict[str, Callable[[bytes, int], bytes]] = {
    "zstd": of_zstd,
    "gzip": of_gzip,
    "identity": of_none,
    "": of_none,
}
