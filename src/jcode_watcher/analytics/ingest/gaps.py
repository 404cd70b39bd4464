"""Notice events that should have come: holes in `seq` of one start of an agent."""

from collections import OrderedDict
from collections.abc import Iterable

AGENTS_MAX = 10_000
"""Starts of agents remembered; the one silent for longest is forgotten first, with its holes."""


class Ledger:
    """Counts, per start of an agent, how many events `seq` promises and how many are stored.

    `seq` counts from 1 without holes and an event is stored once, so the difference is the number that is
    missing now; it falls again when late ones arrive.
    """

    def __init__(self) -> None:
        self._agents: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self.missing = 0

    def seen(self, agent: str, last_seq: int, events: int) -> None:
        """Note that `events` more of an agent's events are stored, the highest numbered `last_seq`."""
        last_before, events_before = self._agents.pop(agent, (0, 0))
        self.missing -= holes(last_before, events_before)
        self._agents[agent] = max(last_before, last_seq), events_before + events
        self.missing += holes(*self._agents[agent])
        while len(self._agents) > AGENTS_MAX:
            _, forgotten = self._agents.popitem(last=False)
            self.missing -= holes(*forgotten)

    def seen_events(self, events: Iterable[tuple[str, int]]) -> None:
        """Note newly stored events, each as its agent and `seq`."""
        seqs: dict[str, list[int]] = {}
        for agent, seq in events:
            seqs.setdefault(agent, []).append(seq)
        for agent, numbers in seqs.items():
            self.seen(agent, max(numbers), len(numbers))


def holes(last_seq: int, events: int) -> int:
    """Count the events that should be there and are not; a sender that numbers from 0 has none too many."""
    return max(0, last_seq - events)
