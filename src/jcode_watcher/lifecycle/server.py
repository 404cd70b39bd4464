"""The HTTP side: the live page, probes, metrics, and the door to the WebSocket."""

from collections.abc import Callable, Collection

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry

from jcode_watcher.lifecycle.metrics import PREFIX, registry_of
from jcode_watcher.lifecycle.monitor import LifecycleMonitor
from jcode_watcher.lifecycle.page import CONTENT_SECURITY_POLICY, PAGE
from jcode_watcher.lifecycle.settings import LifecycleSettings
from jcode_watcher.serving import Door, DoorCollector, Health, OwnNames, exposition, refusal_of_request

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
BODY_BYTES_MAX = 1_024
"""Nobody has anything to upload here."""


def application(monitor: LifecycleMonitor, settings: LifecycleSettings, door: Door) -> web.Application:
    """Give the web application of a monitor behind a door."""
    own = OwnNames([settings.host, *settings.allowed_host])
    health = Health(alive={}, ready={"tracing": monitor.unready})
    registry = registry_of(monitor.figures)
    registry.register(DoorCollector(PREFIX, door))
    app = web.Application(
        middlewares=[doorkeeper(own, frozenset(settings.allowed_origin))], client_max_size=BODY_BYTES_MAX
    )
    app.add_routes(
        [
            web.get("/", show_page),
            web.get("/ws", monitor.clients.connect),
            web.get("/livez", answering(health.alive)),
            web.get("/healthz", answering(health.alive)),
            web.get("/readyz", answering(health.ready)),
            web.get("/metrics", metrics_of(registry)),
        ]
    )
    return app


def doorkeeper(own: OwnNames, origins: Collection[str]) -> Middleware:
    """Give the middleware that refuses, before anything else, other sites' pages and foreign host names.

    `origins` are the web origins that are let in beside the monitor's own.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        refusal = refusal_of_request(request.headers.get("Host"), None if origin in origins else origin, own)
        if refusal is not None:
            raise web.HTTPForbidden(text=refusal)
        return await handler(request)

    return check


async def show_page(_: web.Request) -> web.Response:
    """Give the live page."""
    headers = SECURITY_HEADERS | {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return web.Response(body=PAGE, content_type="text/html", charset="utf-8", headers=headers)


def answering(ask: Callable[[], tuple[int, dict[str, str]]]) -> Handler:
    """Give a handler for a probe."""

    async def answer(_: web.Request) -> web.Response:
        status, said = ask()
        return web.json_response(said, status=status, headers=SECURITY_HEADERS)

    return answer


def metrics_of(registry: CollectorRegistry) -> Handler:
    """Give the handler for /metrics."""

    async def answer(request: web.Request) -> web.Response:
        text, content_type = exposition(registry, request.headers.get("Accept", ""))
        return web.Response(body=text, headers=SECURITY_HEADERS | {"Content-Type": content_type})

    return answer
