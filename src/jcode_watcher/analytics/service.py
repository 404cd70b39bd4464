"""`jcode-watcher serve`: start the parts, serve, end in order."""

import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import structlog

from jcode_watcher.analytics.access import Access
from jcode_watcher.analytics.app import application
from jcode_watcher.analytics.errors import CannotServe
from jcode_watcher.analytics.ingest.admission import Admission
from jcode_watcher.analytics.ingest.committer import Committed, Committer
from jcode_watcher.analytics.ingest.gaps import Ledger
from jcode_watcher.analytics.ingest.limits import BATCHES, SIGN_INS
from jcode_watcher.analytics.ingest.reception import Reception
from jcode_watcher.analytics.ingest.rivals import Nodes, Rivals
from jcode_watcher.analytics.live.feed import Feed
from jcode_watcher.analytics.metrics import PREFIX, Metrics
from jcode_watcher.analytics.server import CONNECTIONS_MAX, Server, configuration
from jcode_watcher.analytics.services import Services
from jcode_watcher.analytics.settings import ServiceSettings
from jcode_watcher.analytics.store import Store
from jcode_watcher.analytics.store.lock import Lock
from jcode_watcher.analytics.store.numbers import AgentSeen, agents_seen
from jcode_watcher.serving import (
    Address,
    Door,
    DoorCollector,
    Health,
    OwnNames,
    announce,
    configure_logs,
    connections_for,
    listen,
    parse_address,
)
from jcode_watcher.settings import as_text

LOG = structlog.get_logger()
MEBIBYTE = 1024 * 1024
OWNER_ONLY = 0o700
OTHERS = 0o077


def run(settings: ServiceSettings) -> int:
    """Serve until SIGTERM or SIGINT; give the exit status. CannotServe or CannotListen if it cannot start."""
    configure_logs()
    # Also in a folder that somebody else made: what students wrote is for nobody else on this machine.
    os.umask(OTHERS)
    address = parse_address(settings.listen)
    folder = made(settings.data)
    # Closed in reverse: the lock goes last, so that nobody opens the store while it is still being closed.
    with ExitStack() as closed_at_end:
        closed_at_end.callback(Lock(folder).release)
        listening = closed_at_end.enter_context(closing(listen(address)))
        access = closed_at_end.enter_context(closing(opened_access(folder, settings, address)))
        store = closed_at_end.enter_context(closing(opened_store(folder, settings)))
        asyncio.run(serve(settings, listening, store, access))
    return 0


def made(folder: Path) -> Path:
    """Make the data folder, for its owner alone; CannotServe if it cannot be had."""
    try:
        folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotServe(f"--data {folder}: {error.strerror}; give a folder that can be written") from None
    return folder.resolve()


def opened_access(folder: Path, settings: ServiceSettings, address: Address) -> Access:
    """Open the control data."""
    return Access(
        folder,
        OwnNames((address.host, *settings.host_name)),
        session_hours=settings.session_hours,
        failures_max=settings.sign_in_failures_max,
    )


def opened_store(folder: Path, settings: ServiceSettings) -> Store:
    """Open the events and contents."""
    return Store(folder / "store", settings.readers, settings.disk_free_mebibytes_min * MEBIBYTE)


async def serve(settings: ServiceSettings, listening: socket.socket, store: Store, access: Access) -> None:
    """Wire the parts and serve."""
    metrics, feed = Metrics(), Feed(settings.live_queue_events)
    seen = Seen(metrics, feed, await store.read(agents_seen))
    committer = Committer(store.writer, seen.committed)

    def refused(reason: str) -> None:
        metrics.bodies_refused.labels(reason).inc()

    door = Door(connections_for(CONNECTIONS_MAX, settings.live_clients_max))
    metrics.registry.register(DoorCollector(PREFIX, door))
    services = Services(
        access=access,
        admission=Admission(settings.batches_waiting_max, settings.batches_waiting_mebibytes_max * MEBIBYTE),
        batch_bodies=Reception(BATCHES, refused),
        committer=committer,
        feed=feed,
        health=Health(alive={"writer": committer.dead}, ready={"store": lambda: committer.failure}),
        live_clients_max=settings.live_clients_max,
        metrics=metrics,
        sign_in_bodies=Reception(SIGN_INS, refused),
        store=store,
    )
    server = Server(
        configuration(application(services), door),
        ready=lambda: tell_ready(listening, access),
        ending=feed.close,
    )
    committer.start()
    try:
        await server.serve(sockets=[listening])
    finally:
        await asyncio.to_thread(committer.stop)


class Seen:
    """What every commit tells: the live viewers, the metrics, and the watch on gaps and rivals."""

    def __init__(self, metrics: Metrics, feed: Feed, agents: Sequence[AgentSeen]) -> None:
        self._metrics = metrics
        self._feed = feed
        self._ledger = Ledger()
        self._nodes = Nodes()
        self._warned: set[str] = set()
        for agent in agents:
            self._ledger.seen(agent.agent, agent.last_seq, agent.events)
        metrics.store_rows.set(sum(agent.events for agent in agents))
        metrics.events_missing.set(self._ledger.missing)

    def committed(self, commit: Committed) -> None:
        """Pass a commit on."""
        self._feed.publish(commit.stored)
        self._ledger.seen_events((row.agent, row.seq) for row in commit.stored)
        self._metrics.commit_seconds.observe(commit.seconds)
        self._metrics.store_rows.inc(len(commit.stored))
        self._metrics.events_missing.set(self._ledger.missing)
        for turn in self._nodes.seen((row.node, row.agent) for row in commit.stored):
            self._warn(turn)

    def _warn(self, turn: Rivals) -> None:
        """Say once of a node that it has two agents, and count how often they take turns."""
        self._metrics.rival_turns.labels(turn.node).inc()
        if turn.node not in self._warned:
            self._warned.add(turn.node)
            LOG.warning(
                "two agents deliver for one node, what both see is stored twice; stop one of them",
                node=turn.node,
                agents=[turn.agent, turn.other],
            )


def tell_ready(listening: socket.socket, access: Access) -> None:
    """Say on stdout, as one JSON line, that requests are answered and where.

    After the very first start the files of the tokens follow; the tokens themselves only on a terminal.
    """
    address = Address(*listening.getsockname()[:2])
    ready = {
        "type": "READY",
        "listen": str(address),
        "url": f"http://{address}/",
        "tokens": str(access.tokens_folder),
    }
    announce(msgspec.json.encode(ready).decode())
    for role, token in access.first_tokens.items():
        shown = f": {token}" if sys.stdout.isatty() else ""
        announce(f"{role}'s token in {as_text(access.tokens_folder / role)}{shown}")
