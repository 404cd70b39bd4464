"""The program: trace, print and serve until told to stop."""

import asyncio
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack

from aiohttp import web

from jcode_watcher.lifecycle.activities import first_of
from jcode_watcher.lifecycle.monitor import Deliver, LifecycleMonitor, MakeTracer, Tracer
from jcode_watcher.lifecycle.monotonic import suspended_ns
from jcode_watcher.lifecycle.server import application
from jcode_watcher.lifecycle.settings import LifecycleSettings
from jcode_watcher.lifecycle.stdout import Printer
from jcode_watcher.procmon import BadOption, ProcessMonitor
from jcode_watcher.serving import Address, Door, OwnNames, connections_for, listen
from jcode_watcher.serving.aiohttp_door import DoorSite
from jcode_watcher.settings import BadSetting

STDOUT = 1
CONNECTIONS_MAX = 64
"""Beside WebSocket clients; one more pushes out the one that waits longest without a request."""
GRACE_SECONDS = 0.5
"""What slow readers get at the end. All of the ending together stays below two seconds."""
NO_LIMIT = 0
"""Who looks at one container wants all of it; there is no other whose share it could take."""
REQUEST_SECONDS = 0.2
"""What a request still being answered gets after that."""


def trace_kernel(deliver: Deliver, hostname_prefixes: Sequence[str]) -> Tracer:
    """Give the kernel's process monitor; BadSetting if it could not compare these prefixes."""
    try:
        return ProcessMonitor(
            deliver, hostname_prefixes=hostname_prefixes, container_execs_per_second=NO_LIMIT
        )
    except BadOption as error:
        raise BadSetting(f"--hostname-prefix: {error}") from None


def run(settings: LifecycleSettings, make_tracer: MakeTracer = trace_kernel) -> int:
    """Run until SIGTERM, SIGINT, or stdout's reader goes away; give the exit status.

    CannotListen or BadSetting before anything is loaded into the kernel; CannotTrace before anything is
    printed; CannotPrint where stdout fails.
    """
    with listen(Address(settings.host, settings.port)) as door:
        asyncio.run(watch(settings, make_tracer, door))
    return 0


async def watch(settings: LifecycleSettings, make_tracer: MakeTracer, door: socket.socket) -> None:
    """Trace, serve at `door` and print; return once told to stop and everything is put away."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    monitor = LifecycleMonitor(settings, make_tracer, suspended_ns, asyncio.get_running_loop())
    printer = Printer(monitor.lines.subscribe(), STDOUT) if settings.stdout else None
    await monitor.start()
    guard = Door(connections_for(settings.clients_max + CONNECTIONS_MAX))
    runner = web.AppRunner(application(monitor, settings, guard), shutdown_timeout=REQUEST_SECONDS)
    try:
        await runner.setup()
        await DoorSite(runner, door, guard).start()
        announce(door)
        if printer is not None:
            printer.start(when_over=told_to_stop.set)
        await first_of(told_to_stop.wait(), monitor.ended_early())
    finally:
        await put_away(monitor, runner, printer)


def announce(door: socket.socket) -> None:
    """Tell the operator where to look; on stderr, as stdout holds nothing but JSON."""
    place = Address(*door.getsockname()[:2])
    print(f"jcode-watcher: listening on http://{place}/ and ws://{place}/ws", file=sys.stderr, flush=True)
    if place.host not in OwnNames():
        print(
            "jcode-watcher: whoever reaches this address sees every command line of this machine",
            file=sys.stderr,
            flush=True,
        )


async def put_away(monitor: LifecycleMonitor, runner: web.AppRunner, printer: Printer | None) -> None:
    """Let nobody in, stop tracing, give every reader the rest, close.

    Raises what ended the tracing early, or CannotPrint if stdout had failed.
    """
    async with AsyncExitStack() as steps:
        # The last that is pushed is done first, and each is done whatever becomes of the others.
        steps.push_async_callback(runner.cleanup)
        steps.push_async_callback(release_readers, monitor, printer)
        steps.push_async_callback(monitor.stop)
        for site in list(runner.sites):
            steps.push_async_callback(site.stop)


async def release_readers(monitor: LifecycleMonitor, printer: Printer | None) -> None:
    """Give stdout and every client the rest, all at the same time, within the grace."""
    monitor.lines.close()
    leaving = asyncio.create_task(monitor.clients.leave(GRACE_SECONDS))
    try:
        if printer is not None:
            await printer.finish(GRACE_SECONDS)
    finally:
        await leaving
