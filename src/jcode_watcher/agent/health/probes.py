"""The agent's own small server: /livez, /readyz and /metrics."""

import socket

from aiohttp import web
from prometheus_client import CollectorRegistry

from jcode_watcher.serving import Door, Health, exposition
from jcode_watcher.serving.aiohttp_door import DoorSite

SHUTDOWN_SECONDS_MAX = 1.0
CONNECTIONS_MAX = 64
"""One more pushes out the one that waits longest without a request."""


def application(health: Health, registry: CollectorRegistry) -> web.Application:
    """Give the routes. They tell nothing of students, and so need no token."""

    async def livez(_: web.Request) -> web.Response:
        status, said = health.alive()
        return web.json_response(said, status=status)

    async def readyz(_: web.Request) -> web.Response:
        status, said = health.ready()
        return web.json_response(said, status=status)

    async def metrics(request: web.Request) -> web.Response:
        text, content_type = exposition(registry, request.headers.get("Accept", ""))
        return web.Response(body=text, headers={"Content-Type": content_type})

    served = web.Application()
    served.add_routes([web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return served


async def serve(served: web.Application, listening: socket.socket, door: Door) -> web.AppRunner:
    """Serve on a socket behind a door until the runner is cleaned up."""
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS_MAX)
    await runner.setup()
    await DoorSite(runner, listening, door).start()
    return runner
