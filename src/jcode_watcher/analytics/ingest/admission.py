"""How much is taken in at once; who comes beyond waits outside."""

from collections.abc import Iterator
from contextlib import contextmanager

from jcode_watcher.analytics.errors import TooMany

RETRY_AFTER_SECONDS = 1


class Admission:
    """Counts the batches between their last byte and their receipt. Used by the event loop's thread only."""

    def __init__(self, batches_max: int, bytes_max: int) -> None:
        self._batches_max = batches_max
        self._bytes_max = bytes_max
        self.batches = 0
        self.bytes = 0

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Let a batch in; TooMany if too many are being served."""
        if self.batches >= self._batches_max:
            raise TooMany(
                f"{self.batches} batches wait for the store, no more are taken", RETRY_AFTER_SECONDS
            )
        self.batches += 1
        try:
            yield
        finally:
            self.batches -= 1

    @contextmanager
    def text(self, size_bytes: int) -> Iterator[None]:
        """Let a batch's text in; TooMany if too much waits. One batch alone always finds room."""
        if self.bytes and self.bytes + size_bytes > self._bytes_max:
            raise TooMany(f"{self.bytes} bytes wait for the store, no more are taken", RETRY_AFTER_SECONDS)
        self.bytes += size_bytes
        try:
            yield
        finally:
            self.bytes -= size_bytes
