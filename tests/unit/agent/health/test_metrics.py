from collections import Counter

from prometheus_client import generate_latest

from jcode_watcher.agent.health.metrics import Metrics, labelled, single


def test_values_are_read_at_the_moment_they_are_asked_for() -> None:
    counts: Counter[str] = Counter()
    metrics = Metrics()
    metrics.counter("events", "Events", labelled(counts), ("kind",))
    metrics.gauge("queue_facts", "Facts", single(lambda: sum(counts.values()) / 2))
    registry = metrics.registry()

    counts["file.saved"] += 3
    text = generate_latest(registry).decode()

    assert 'jcode_watcher_agent_events_total{kind="file.saved"} 3.0' in text
    assert "jcode_watcher_agent_queue_facts 1.5" in text
