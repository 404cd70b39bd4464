"""The agent's metrics, read from where they are counted at the moment they are asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

PREFIX = "jcode_watcher_agent_"

Read = Callable[[], Iterable[tuple[tuple[str, ...], float]]]
"""Gives values with their labels."""


def single(read: Callable[[], float]) -> Read:
    """Give a value without labels."""
    return lambda: [((), read())]


def labelled(counts: Mapping[str, int]) -> Read:
    """Give counts by one label."""
    return lambda: [((label,), count) for label, count in list(counts.items())]


class Metrics(Collector):
    """Every metric of the agent, each with one line of help."""

    def __init__(self) -> None:
        self._families: list[tuple[type[Metric], str, str, tuple[str, ...], Read]] = []

    def counter(self, name: str, text: str, read: Read, labels: tuple[str, ...] = ()) -> None:
        """Add something that only grows."""
        self._families.append((CounterMetricFamily, name, text, labels, read))

    def gauge(self, name: str, text: str, read: Read, labels: tuple[str, ...] = ()) -> None:
        """Add something that goes up and down."""
        self._families.append((GaugeMetricFamily, name, text, labels, read))

    def collect(self) -> Iterator[Metric]:
        """Read all values."""
        for make, name, text, labels, read in self._families:
            family = make(PREFIX + name, text, labels=labels)  # type: ignore[call-arg]  # both families take labels
            for label_values, value in read():
                family.add_metric(label_values, value)  # type: ignore[attr-defined]  # likewise
            yield family

    def registry(self) -> CollectorRegistry:
        """Give a registry with these metrics only."""
        registry = CollectorRegistry()
        registry.register(self)
        return registry
