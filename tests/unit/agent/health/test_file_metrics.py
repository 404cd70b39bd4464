from prometheus_client import generate_latest

from jcode_watcher.agent.health.file_metrics import COUNTERS, GAUGES, SKIPPED, add_files
from jcode_watcher.agent.health.metrics import Metrics
from jcode_watcher.agent.intake.capture import WatchedRoot
from jcode_watcher.filemon.counters import Counters

OF_FACTS = {"missed", "delivered"}
"""Stated as gaps, or counted by source where they arrive."""


def test_every_count_of_a_root_has_its_metric() -> None:
    assert {*COUNTERS, *GAUGES, *SKIPPED} | OF_FACTS == set(Counters.__struct_fields__)


def test_each_root_is_told_apart_with_its_mode() -> None:
    one = WatchedRoot("/a", "handles", Counters(saved=3, too_large=2, waiting=1), 0)
    other = WatchedRoot("/b", "inotify", Counters(saved=4), 1)
    metrics = Metrics()
    add_files(metrics, lambda: [one, other])

    text = generate_latest(metrics.registry()).decode()

    for line in (
        'file_versions_total{mode="handles",root="/a"} 3.0',
        'file_versions_total{mode="inotify",root="/b"} 4.0',
        'file_second_looks{mode="handles",root="/a"} 1.0',
        'file_skipped_total{mode="handles",reason="too_large",root="/a"} 2.0',
        'file_lag_seconds{mode="handles",root="/a"} 0.0',
    ):
        assert f"jcode_watcher_agent_{line}\n" in text
