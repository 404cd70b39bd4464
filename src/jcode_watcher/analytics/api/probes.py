"""What the platform asks: alive, ready, metrics. No token is needed; nothing here speaks of students."""

from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher.analytics.answers import answer
from jcode_watcher.analytics.services import services_of
from jcode_watcher.serving import exposition


async def livez(request: Request) -> Response:
    """Tell whether the service should be left running."""
    status, checks = services_of(request).health.alive()
    return answer(checks, status)


async def readyz(request: Request) -> Response:
    """Tell whether the service does its work."""
    status, checks = services_of(request).health.ready()
    return answer(checks, status)


async def metrics(request: Request) -> Response:
    """Give all metrics."""
    services = services_of(request)
    services.metrics.batches_waiting.set(services.admission.batches)
    services.metrics.bodies_arriving.set(services.batch_bodies.bodies)
    services.metrics.store_failing.set(services.committer.failure is not None)
    services.metrics.live_clients.set(services.feed.clients())
    services.metrics.live_missed.set(services.feed.missed())
    text, content_type = exposition(services.metrics.registry, request.headers.get("accept", ""))
    return Response(text, headers={"Content-Type": content_type})
