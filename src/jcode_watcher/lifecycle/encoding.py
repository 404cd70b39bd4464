"""Each event becomes JSON once, in the reader's thread; stdout and every client share the bytes."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from jcode_watcher.lifecycle.objects import MissedByReader
from jcode_watcher.lifecycle.telling import told_of
from jcode_watcher.procmon.facts import Fact
from jcode_watcher.serving import Missed


class EventEncoder:
    """Makes JSON of facts and counts them by type. Used by one thread; the counts may be read by any."""

    def __init__(self, suspended_ns: Callable[[], int]) -> None:
        self.told: Counter[str] = Counter()
        self._suspended_ns = suspended_ns
        self._encoder = msgspec.json.Encoder()

    def encode(self, facts: Sequence[Fact]) -> list[bytes]:
        """Give one JSON object for each fact that is told, in order, without line ends."""
        slept_ns = self._suspended_ns()
        objects = [told for fact in facts if (told := told_of(fact, slept_ns)) is not None]
        self.told.update(told.type for told in objects)
        return [self._encoder.encode(told) for told in objects]


def as_json(taken: Sequence[bytes | Missed]) -> list[bytes]:
    """Give what a reader took from its queue as JSON, a hole as a MISSED object in its place."""
    return [
        item if isinstance(item, bytes) else msgspec.json.encode(MissedByReader(count=item.count))
        for item in taken
    ]
