"""From counters that grew to facts that say what is missing."""

from collections.abc import Mapping
from typing import Final

from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.facts import Lost

CHECK_SECONDS: Final = 0.25
"""A loss is told within a second."""


class Losses:
    """Tells each loss once, with the time between two looks in which it happened."""

    def __init__(self, now_ns: int) -> None:
        self._told: dict[tuple[str, str], int] = {}
        self._looked_ns = now_ns

    def since_last(self, counters: Counters, now_ns: int) -> list[Lost]:
        """Give what was lost since the last call; times are wall clock."""
        lost = [
            Lost(
                stage=stage,
                reason=reason,
                count=total - self._told.get((stage, reason), 0),
                since_ns=self._looked_ns,
                until_ns=now_ns,
            )
            for (stage, reason), total in totals(counters).items()
            if total > self._told.get((stage, reason), 0)
        ]
        self._told.update(totals(counters))
        self._looked_ns = now_ns
        return lost


def totals(counters: Counters) -> Mapping[tuple[str, str], int]:
    """Give every kind of loss, by stage and reason."""
    return {
        ("kernel", "ring_full"): counters.dropped_ring_full,
        ("kernel", "program_busy"): counters.missed,
        ("decode", "bad_record"): counters.refused,
    }
