"""From what a drain brought to facts, counted."""

from typing import Final

from jcode_watcher.procmon.decode import (
    LENGTH,
    ContainerOf,
    KernelFact,
    decode,
    in_no_container,
    padded,
    split,
)
from jcode_watcher.procmon.errors import BadRecord
from jcode_watcher.procmon.ring import Batch

NO_RING: Final = ""
"""The name of a ring that does not outlive its process."""


class Decoder:
    """Decodes the records of one ring."""

    def __init__(self, container_of: ContainerOf = in_no_container, ring: str = NO_RING) -> None:
        """Take who knows containers, and the name that facts of this ring bear."""
        self._container_of = container_of
        self._ring = ring
        self.received = self.refused = self.decoded = 0

    def facts(self, batch: Batch, wall_offset_ns: int) -> list[KernelFact]:
        """Give what the records tell; those whose bytes make no sense are only counted."""
        self.received += batch.records
        facts: list[KernelFact] = []
        # Records take as much room in the buffer as in the ring: a length of 8 bytes, and padding to 8.
        position = batch.position
        for record in split(batch.data):
            position += LENGTH.size + padded(len(record))
            try:
                facts.append(decode(record, wall_offset_ns, self._container_of, position, self._ring))
            except BadRecord:
                # Told as `Lost`, with the other losses.
                self.refused += 1
        self.decoded += len(facts)
        return facts
