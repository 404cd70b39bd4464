"""Notice two agents that watch one node at once: what both see is stored twice."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

NODES_MAX = 10_000
"""Nodes remembered; the one silent for longest is forgotten first."""
STARTS_MAX = 16
"""Starts of agents remembered of a node, the latest ones."""


class Rivals(NamedTuple):
    """Two starts of agents that deliver by turns."""

    node: str
    agent: str
    """The one that had been followed by the other, and delivers again."""
    other: str


class Nodes:
    """Follows which start of an agent delivers for a node.

    A node's agent sends what it kept in order, so a start is never heard of again once a later one has been.
    """

    def __init__(self) -> None:
        self._starts: OrderedDict[str, list[str]] = OrderedDict()

    def seen(self, events: Iterable[tuple[str, str]]) -> list[Rivals]:
        """Note newly stored events in order, each as its node and agent; give the turns that cannot be."""
        found = []
        for node, agent in dict.fromkeys(events):
            starts = self._starts.setdefault(node, [])
            self._starts.move_to_end(node)
            if agent in starts[:-1]:
                found.append(Rivals(node, agent, starts[-1]))
                starts.remove(agent)
            if agent not in starts:
                starts.append(agent)
            del starts[:-STARTS_MAX]
            if len(self._starts) > NODES_MAX:
                self._starts.popitem(last=False)
        return found
