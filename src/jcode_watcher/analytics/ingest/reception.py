"""Receive bodies fairly: whoever sends slowly or much at once holds up nobody else."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from jcode_watcher.analytics.errors import Refused, TooLarge, TooMany, TooSlow

RETRY_AFTER_SECONDS = 2


class Limits(NamedTuple):
    """What a body may take."""

    bytes_max: int
    seconds_max: float
    grace_seconds: float
    """How long it may rest; every `bytes_per_second_min` bytes give one second more."""
    bytes_per_second_min: int
    each_max: int
    """Bodies of one sender at once."""
    all_max: int
    """Bodies of all senders at once."""
    all_bytes_max: int
    """What has come of all bodies that are not whole yet."""


class Reception:
    """Counts the bodies that are on their way. Used by the event loop's thread only."""

    def __init__(self, limits: Limits, refused: Callable[[str], None]) -> None:
        """`refused` is told the reason of each refusal."""
        self._limits = limits
        self._refused = refused
        self._by_sender: Counter[str] = Counter()
        self._bytes = 0

    @property
    def bodies(self) -> int:
        """How many are on their way."""
        return self._by_sender.total()

    async def body(self, sender: str, chunks: AsyncIterator[bytes]) -> bytes:
        """Give a sender's body as it came; TooLarge, TooMany, or TooSlow."""
        with self._place(sender), self._room() as grow:
            return await self._read(chunks, grow)

    async def _read(self, chunks: AsyncIterator[bytes], grow: Callable[[int], None]) -> bytes:
        limits = self._limits
        loop = asyncio.get_running_loop()
        began = loop.time()
        received = bytearray()
        try:
            async with asyncio.timeout_at(began + deadline_seconds(limits, 0)) as patience:
                async for chunk in chunks:
                    if len(received) + len(chunk) > limits.bytes_max:
                        raise TooLarge(f"body is over {limits.bytes_max} bytes; send less at once")
                    grow(len(chunk))
                    received += chunk
                    patience.reschedule(began + deadline_seconds(limits, len(received)))
        except TimeoutError:
            raise self._refusal("slow", TooSlow, slowness(limits, len(received))) from None
        return bytes(received)

    @contextmanager
    def _place(self, sender: str) -> Iterator[None]:
        if self._by_sender[sender] >= self._limits.each_max:
            raise self._refusal(
                "sender_full", TooMany, f"{self._limits.each_max} bodies of yours are still on their way"
            )
        if self.bodies >= self._limits.all_max:
            raise self._refusal("full", TooMany, f"{self.bodies} bodies are on their way, no more are taken")
        self._by_sender[sender] += 1
        try:
            yield
        finally:
            self._by_sender[sender] -= 1
            if not self._by_sender[sender]:
                del self._by_sender[sender]

    @contextmanager
    def _room(self) -> Iterator[Callable[[int], None]]:
        own = 0

        def grow(size_bytes: int) -> None:
            nonlocal own
            if self._bytes + size_bytes > self._limits.all_bytes_max:
                raise self._refusal("memory", TooMany, f"{self._bytes} bytes of bodies are on their way")
            own += size_bytes
            self._bytes += size_bytes

        try:
            yield grow
        finally:
            self._bytes -= own

    def _refusal(self, reason: str, kind: type[Refused], line: str) -> Refused:
        self._refused(reason)
        return kind(f"{line}; send it again later", RETRY_AFTER_SECONDS)


def deadline_seconds(limits: Limits, received_bytes: int) -> float:
    """Give how long after its beginning a body, of which so much has come, must have sent more."""
    return min(limits.seconds_max, limits.grace_seconds + received_bytes / limits.bytes_per_second_min)


def slowness(limits: Limits, received_bytes: int) -> str:
    """Say what was too slow."""
    return (
        f"{received_bytes} bytes of the body came in {deadline_seconds(limits, received_bytes):.0f} s; "
        f"it must come with {limits.bytes_per_second_min} bytes a second, within {limits.seconds_max:.0f} s"
    )
