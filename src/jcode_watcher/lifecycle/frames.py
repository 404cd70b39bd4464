"""WebSocket text frames (RFC 6455, section 5.2) as a server sends them: whole, unmasked, uncompressed."""

import struct
from collections.abc import Iterable

WHOLE_TEXT = 0x81
LENGTH_7_BITS_MAX = 125
LENGTH_16_BITS_MAX = 0xFFFF
LENGTH_16_BITS_FOLLOW = 126
LENGTH_64_BITS_FOLLOW = 127


def framed(payloads: Iterable[bytes]) -> bytes:
    """Give one frame for each payload, one after the other, for a single write."""
    return b"".join([part for payload in payloads for part in (header(len(payload)), payload)])


def header(payload_bytes: int) -> bytes:
    """Give what stands before a payload of this length."""
    if payload_bytes <= LENGTH_7_BITS_MAX:
        return bytes((WHOLE_TEXT, payload_bytes))
    if payload_bytes <= LENGTH_16_BITS_MAX:
        return struct.pack("!BBH", WHOLE_TEXT, LENGTH_16_BITS_FOLLOW, payload_bytes)
    return struct.pack("!BBQ", WHOLE_TEXT, LENGTH_64_BITS_FOLLOW, payload_bytes)
