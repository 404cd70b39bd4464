"""What /metrics says, read from the counters when asked."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

PREFIX = "jcode_watcher_lifecycle_"


class Figures(NamedTuple):
    """All that is counted, at one moment."""

    told: Mapping[str, int]
    traced: Mapping[str, int]
    """By stage, from the kernel's programs to the reader's thread."""
    programs: int
    """Processes whose program is remembered, so that their exit can name it."""
    missed: Mapping[str, int]
    """By kind of reader."""
    clients: int
    clients_refused: int
    on_their_way: int


class LifecycleCollector(Collector):
    """Gives the figures as Prometheus metrics."""

    def __init__(self, figures: Callable[[], Figures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Give every metric with its present value."""
        now = self._figures()
        yield labelled("events", "Objects told, by type.", "type", now.told)
        yield labelled("traced_events", "Kernel events by stage.", "stage", now.traced)
        yield labelled("missed_events", "Events that a slow reader missed.", "reader", now.missed)
        yield CounterMetricFamily(
            PREFIX + "clients_refused", "WebSocket clients refused for their number.", now.clients_refused
        )
        yield GaugeMetricFamily(PREFIX + "programs", "Processes whose program is remembered.", now.programs)
        yield GaugeMetricFamily(PREFIX + "clients", "WebSocket clients connected.", now.clients)
        yield GaugeMetricFamily(
            PREFIX + "queue_events",
            "Events between the reader's thread and the event loop.",
            now.on_their_way,
        )


def labelled(name: str, text: str, label: str, values: Mapping[str, int]) -> CounterMetricFamily:
    """Give one counter with a value for each label."""
    family = CounterMetricFamily(PREFIX + name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def registry_of(figures: Callable[[], Figures]) -> CollectorRegistry:
    """Give a registry of its own, so that several monitors fit in one process."""
    registry = CollectorRegistry()
    registry.register(LifecycleCollector(figures))
    return registry
