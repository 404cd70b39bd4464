"""Bytes that are mostly text, as text: what Linux allows in names and arguments, JSON libraries do not."""

import re

ESCAPED = re.compile(r"\\(?:x([0-9A-F]{2})|(\\))")


def to_text(raw: bytes) -> str:
    r"""Give `raw` as text: invalid UTF-8 as `\xHH`, a backslash as `\\`; `to_bytes` gives the bytes back."""
    if b"\\" in raw:
        raw = raw.replace(b"\\", b"\\\\")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        # A surrogate escape is U+DC00 plus the byte, and valid UTF-8 never decodes to one.
        text = raw.decode(errors="surrogateescape")
        return "".join(f"\\x{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in text)


def to_bytes(text: str) -> bytes:
    """Give the bytes that `to_text` was given."""
    if "\\" not in text:
        return text.encode()
    parts: list[bytes] = []
    end = 0
    for match in ESCAPED.finditer(text):
        parts.append(text[end : match.start()].encode())
        parts.append(bytes([int(match[1], 16)]) if match[1] else b"\\")
        end = match.end()
    parts.append(text[end:].encode())
    return b"".join(parts)
