"""What the agent's probes and metrics say."""

from time import monotonic, time_ns

from jcode_watcher.agent.agent import Agent
from jcode_watcher.agent.health.file_metrics import add_files
from jcode_watcher.agent.health.metrics import Metrics, labelled, single
from jcode_watcher.agent.pods.following import PodFollower
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.agent.snapshots.writer import SnapshotWriter
from jcode_watcher.serving import Health

KEEPER_SECONDS_MAX = 60.0
"""A keeper that kept nothing for so long, not even a sign of life, hangs."""


def health_of(agent: Agent) -> Health:
    """Give the checks. Whether the service can be reached is no matter of life: restarting would not help."""

    def keeping() -> str | None:
        if agent.keeper.failure is not None:
            return str(agent.keeper.failure)
        silent = monotonic() - agent.keeper.beat
        return f"nothing kept for {silent:.0f} s" if silent > KEEPER_SECONDS_MAX else None

    def capturing() -> str | None:
        return None if agent.capturing else "not capturing yet"

    def token() -> str | None:
        refusal = agent.deliverer.refusal
        return None if refusal is None else f"the service refuses --token-file: {refusal}"

    def room() -> str | None:
        if not agent.spool.full:
            return None
        return "no room in the spool: see to the service, to --spool-bytes-max and to the disk under --state"

    return Health(
        {"keeper": keeping, "monitors": agent.capture.trouble},
        {"capture": capturing, "token": token, "spool": room},
    )


def metrics_of(agent: Agent, settings: AgentSettings) -> Metrics:
    """Give the metrics, by the way of an event."""
    metrics = Metrics()
    add_capture(metrics, agent)
    add_files(metrics, agent.capture.watched_roots)
    add_spool(metrics, agent, settings)
    add_delivery(metrics, agent)
    if agent.pods is not None:
        add_pods(metrics, agent.pods)
    if agent.snapshots is not None:
        add_snapshots(metrics, agent.snapshots)
    return metrics


def add_capture(metrics: Metrics, agent: Agent) -> None:
    """Add what was seen and reported."""
    metrics.counter("facts", "Facts from the monitors", labelled(agent.reporter.facts), ("source",))
    metrics.counter("writers", "Writers of files by role", labelled(agent.reporter.roles), ("role",))
    metrics.counter(
        "writers_whose",
        "Writers of files by whose container they were in, and how that is known",
        lambda: list(agent.reporter.whose.items()),
        ("whose", "identity"),
    )
    metrics.counter("masked", "Values masked as secrets, by rule", labelled(agent.reporter.masked), ("rule",))
    metrics.counter(
        "contents_omitted",
        "Saves told without content, by course where it has settings of its own, and reason",
        lambda: list(agent.reporter.omitted.items()),
        ("course", "reason"),
    )
    metrics.gauge(
        "source_counts",
        "What a monitor counts, by its own stages",
        lambda: summed(agent),
        ("source", "stage"),
    )
    metrics.gauge(
        "mode_info",
        "1 for the mode in which a source is watched",
        lambda: [((source, mode), 1) for source, mode in list(agent.capture.modes.items())],
        ("source", "mode"),
    )
    metrics.gauge(
        "ring_resumed",
        "1 where the kernel recorded processes while no agent ran",
        single(lambda: agent.capture.resumed),
    )
    metrics.gauge(
        "ring_held_bytes",
        "What lies in the kernel's ring: not read, or not kept yet where it outlives the agent",
        single(agent.capture.ring_held_bytes),
    )
    metrics.gauge("queue_facts", "Facts that wait to be kept", single(lambda: len(agent.intake)))


def add_spool(metrics: Metrics, agent: Agent, settings: AgentSettings) -> None:
    """Add what was kept and what was not."""
    metrics.counter("events", "Events kept, by kind", labelled(agent.spool.kept), ("kind",))
    metrics.counter(
        "dropped",
        "Events and facts that could not be kept",
        lambda: [
            (("spool", "spool_full"), sum(agent.spool.dropped.values())),
            (("intake", "ended"), agent.intake.refused),
        ],
        ("stage", "reason"),
    )
    metrics.gauge("spool_events", "Events that wait for delivery", single(lambda: agent.level.events))
    metrics.gauge("spool_bytes", "JSON text that waits for delivery", single(lambda: agent.level.bytes))
    metrics.gauge("spool_full", "1 while nothing new is kept", single(lambda: agent.spool.full))
    metrics.gauge("spool_limit_bytes", "Size limit of the spool", single(lambda: settings.spool_bytes_max))


def add_delivery(metrics: Metrics, agent: Agent) -> None:
    """Add what became of it."""
    deliverer = agent.deliverer
    metrics.counter("delivered_events", "Events that the service has", single(lambda: deliverer.delivered))
    metrics.counter("repeated_events", "Of these, known there before", single(lambda: deliverer.repeated))
    metrics.counter(
        "delivery_retries", "Deliveries that failed, by reason", labelled(deliverer.retries), ("reason",)
    )
    metrics.counter(
        "quarantined_events", "Events that the service refused", single(lambda: deliverer.quarantined)
    )
    metrics.gauge(
        "delivery_lag_seconds",
        "Age of the oldest event that waits for delivery",
        single(lambda: max(0, time_ns() - deliverer.oldest_ns) / 1e9 if deliverer.oldest_ns else 0.0),
    )


def add_pods(metrics: Metrics, pods: PodFollower) -> None:
    """Add what is known of pods; no check says it, as nothing depends on it."""
    table = pods.table
    metrics.gauge(
        "pods_known", "Pods whose names are known, deleted ones for a while", single(lambda: len(table))
    )
    metrics.gauge(
        "pods_connected", "1 while the Kubernetes API tells of pods", single(lambda: pods.connected)
    )
    metrics.counter("pods_lists", "Lists of all pods of this node", single(lambda: pods.lists))
    metrics.counter(
        "pods_errors",
        "What went wrong with the Kubernetes API, by reason",
        labelled(pods.errors),
        ("reason",),
    )
    metrics.counter(
        "pods_missed", "Events of a pod that was not known, or not yet", single(lambda: table.missed)
    )
    metrics.counter("pods_refused", "Pods for which there was no room", single(lambda: table.refused))


def add_snapshots(metrics: Metrics, snapshots: SnapshotWriter) -> None:
    """Add what became of the snapshot tree; no check says it, as nothing depends on it."""
    metrics.counter(
        "snapshots_written", "Events that came into the snapshot tree", single(lambda: snapshots.written)
    )
    metrics.counter(
        "snapshots_written_bytes", "Contents written for them", single(lambda: snapshots.written_bytes)
    )
    metrics.counter(
        "snapshots_failed",
        "Versions that the snapshot tree does not show, by reason",
        lambda: [(("no_room",), snapshots.due.lost), *labelled(snapshots.failed)()],
        ("reason",),
    )
    metrics.counter(
        "snapshots_retries",
        "Attempts after which all snapshots had to wait, by reason",
        labelled(snapshots.retries),
        ("reason",),
    )
    metrics.gauge("snapshots_waiting", "Events that are to be written", single(lambda: snapshots.waiting))
    metrics.gauge(
        "snapshots_stuck",
        "1 while nothing can be written there",
        single(lambda: snapshots.stuck),
    )


def summed(agent: Agent) -> list[tuple[tuple[str, ...], float]]:
    """Give the monitors' counts, those of several roots added up."""
    total: dict[tuple[str, ...], float] = {}
    for source, stage, count in agent.capture.counters():
        total[source, stage] = total.get((source, stage), 0) + count
    return list(total.items())
