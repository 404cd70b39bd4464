"""What /metrics answers."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from jcode_watcher.serving.door import Door


class DoorCollector(Collector):
    """Gives what a door counts."""

    def __init__(self, prefix: str, door: Door) -> None:
        self._prefix = prefix
        self._door = door

    def collect(self) -> Iterator[Metric]:
        """Give every metric with its present value."""
        yield GaugeMetricFamily(self._prefix + "connections", "Connections open now.", len(self._door))
        refused = CounterMetricFamily(
            self._prefix + "connections_refused",
            "Connections cut or refused: malformed, too_long, late, pushed_out, busy.",
            labels=["reason"],
        )
        for reason, count in self._door.refused.items():
            refused.add_metric([reason], count)
        yield refused


def exposition(registry: CollectorRegistry, accept: str) -> tuple[bytes, str]:
    """Give all metrics and their content type, in the form that the `Accept` header asks for."""
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
