"""The program: watch, keep and deliver until told to stop."""

import asyncio
import json
import signal
import socket
import sqlite3
import sys
from contextlib import ExitStack
from os import uname

import aiohttp
import structlog

from jcode_watcher.agent.agent import Agent
from jcode_watcher.agent.checks import check, warn
from jcode_watcher.agent.garbage import spare_survivors
from jcode_watcher.agent.health.health import health_of, metrics_of
from jcode_watcher.agent.health.metrics import PREFIX
from jcode_watcher.agent.health.probes import CONNECTIONS_MAX, application, serve
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.agent.spool import cannot_keep
from jcode_watcher.serving import (
    Door,
    DoorCollector,
    announce,
    configure_logs,
    connections_for,
    listen,
    parse_address,
)

LOG = structlog.get_logger()

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter: at the usual 5 ms a quick second save is read too late."""


def run(settings: AgentSettings) -> int:
    """Run until SIGTERM or SIGINT; give the exit status.

    BadSetting, CannotListen or StateUnusable before anything is watched; CannotTrace or CannotWatch where the
    kernel refuses; CannotKeep where the disk fails later.
    """
    configure_logs()
    check(settings)
    sys.setswitchinterval(SWITCH_SECONDS)
    spare_survivors()
    with listen(parse_address(settings.listen)) as door:
        try:
            asyncio.run(watch(settings, door))
        except sqlite3.Error as error:
            # A part of the spool was read that is damaged; the next start finds that, and sets it aside.
            raise cannot_keep(error) from error
    return 0


async def watch(settings: AgentSettings, door: socket.socket) -> None:
    """Watch, serve the probes and deliver; return once told to stop and everything seen is kept."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with aiohttp.ClientSession() as session:
        with ExitStack() as ending:
            agent = Agent(settings, session, ending)
            warn(settings)
            guard = Door(connections_for(CONNECTIONS_MAX))
            registry = metrics_of(agent, settings).registry()
            registry.register(DoorCollector(PREFIX, guard))
            runner = await serve(application(health_of(agent), registry), door, guard)
            try:
                await live(agent, door, told_to_stop)
            finally:
                await runner.cleanup()


async def live(agent: Agent, door: socket.socket, told_to_stop: asyncio.Event) -> None:
    """Run one agent from its start to its end."""
    await agent.start()
    tell_ready(agent, door)
    delivering = asyncio.create_task(agent.deliverer.run())
    stating = asyncio.create_task(agent.state_start())
    naming = asyncio.create_task(agent.follow_pods())
    stopping = asyncio.create_task(told_to_stop.wait())
    keeping = asyncio.create_task(asyncio.to_thread(agent.keeper.join))
    try:
        await asyncio.wait({delivering, stopping, keeping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending = (delivering, stating, naming, stopping)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await agent.stop("told to stop" if told_to_stop.is_set() else "failed")
        await keeping
    raise_failure(agent, delivering)


def tell_ready(agent: Agent, door: socket.socket) -> None:
    """Tell on stdout that everything from now on is seen."""
    host, port = door.getsockname()[:2]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    announce(json.dumps({"type": "READY", "listen": address, "modes": agent.capture.modes}))
    if agent.untold:
        LOG.warning("a gap is stated", reason=agent.untold)
    LOG.info("capturing", modes=agent.capture.modes, kernel=uname().release)


def raise_failure(agent: Agent, delivering: asyncio.Task[None]) -> None:
    """Raise what ended the agent before it was told to stop."""
    if agent.keeper.failure is not None:
        raise agent.keeper.failure
    if delivering.done() and not delivering.cancelled() and (failure := delivering.exception()):
        raise failure
