"""Cuts a stream into lines, with a limit on their length. Pure."""

from collections.abc import Iterator


class Lines:
    """Holds the beginning of a line until its end comes; a line that is too long is left out and counted."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._begun = bytearray()
        self._skips = False
        self.too_long = 0

    def feed(self, part: bytes) -> Iterator[bytes]:
        """Give the lines that end in this part of the stream."""
        *ends, rest = part.split(b"\n")
        for end in ends:
            self._extend(end)
            line, skipped = bytes(self._begun), self._skips
            self._begun.clear()
            self._skips = False
            if line and not skipped:
                yield line
        self._extend(rest)

    def _extend(self, more: bytes) -> None:
        if self._skips:
            return
        if len(self._begun) + len(more) > self._bytes_max:
            self._begun.clear()
            self._skips = True
            self.too_long += 1
            return
        self._begun += more
