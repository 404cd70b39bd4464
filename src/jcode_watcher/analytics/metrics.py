"""What the service counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

PREFIX = "jcode_watcher_analytics_"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """All metrics of one service, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.batches = Counter(
            PREFIX + "batches", "Batches answered, by status.", ["status"], registry=registry
        )
        self.events = Counter(
            PREFIX + "events", "Events received: stored, repeated or rejected.", ["result"], registry=registry
        )
        for result in ("stored", "repeated", "rejected"):
            self.events.labels(result)
        self.bodies_refused = Counter(
            PREFIX + "bodies_refused",
            "Bodies not received: slow, sender_full (too many of one sender), full or memory (of all).",
            ["reason"],
            registry=registry,
        )
        for reason in ("slow", "sender_full", "full", "memory"):
            self.bodies_refused.labels(reason)
        self.bodies_arriving = Gauge(
            PREFIX + "bodies_arriving", "Batches of which not every byte is here.", registry=registry
        )
        self.received_bytes = Counter(
            PREFIX + "received_bytes", "Bytes of batches as they came.", registry=registry
        )
        self.decompressed_bytes = Counter(
            PREFIX + "decompressed_bytes", "Bytes of batches, decompressed.", registry=registry
        )
        self.ingest_seconds = Histogram(
            PREFIX + "ingest_seconds",
            "From a batch's first byte to its receipt.",
            buckets=SECONDS,
            registry=registry,
        )
        self.commit_seconds = Histogram(
            PREFIX + "commit_seconds", "One commit to the store.", buckets=SECONDS, registry=registry
        )
        self.batches_waiting = Gauge(
            PREFIX + "batches_waiting", "Batches between last byte and receipt.", registry=registry
        )
        self.store_failing = Gauge(
            PREFIX + "store_failing", "1 while the store takes no writes.", registry=registry
        )
        self.store_rows = Gauge(PREFIX + "store_rows", "Events in the store.", registry=registry)
        self.events_missing = Gauge(
            PREFIX + "events_missing",
            "Holes in the numbering of the agents' events: events that are not here (yet).",
            registry=registry,
        )
        self.rival_turns = Counter(
            PREFIX + "rival_agent_turns",
            "Turns between two agents of one node: what both see is stored twice.",
            ["node"],
            registry=registry,
        )
        self.live_clients = Gauge(PREFIX + "live_clients", "Live sockets.", registry=registry)
        self.live_missed = Gauge(
            PREFIX + "live_missed_events", "Events that slow live sockets did not get.", registry=registry
        )
        self.sign_in_failures = Counter(
            PREFIX + "sign_in_failures", "Sign-ins refused, by status.", ["status"], registry=registry
        )
