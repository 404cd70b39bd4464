"""`POST /v1/batches`: a receipt is given only after the data is on disk."""

import asyncio
import time

from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher.analytics.access import Grant
from jcode_watcher.analytics.answers import answer
from jcode_watcher.analytics.errors import Refused, StoreFailed, Unavailable
from jcode_watcher.analytics.ingest.body import decompressed
from jcode_watcher.analytics.ingest.check import CheckedBatch, check
from jcode_watcher.analytics.services import Services, services_of
from jcode_watcher.events import Receipt

RETRY_AFTER_SECONDS = 2


async def post_batch(request: Request) -> Response:
    """Take a batch; answer with its receipt."""
    services = services_of(request)
    began = time.monotonic()
    try:
        grant = services.access.agent(request)
        # Outside the permit: who is slow to send must not keep others from the store.
        body = await services.batch_bodies.body(grant.sha256, request.stream())
        with services.admission.batch():
            receipt = await taken(request, services, grant, body)
    except Refused as refused:
        services.metrics.batches.labels(str(refused.status)).inc()
        raise
    services.metrics.batches.labels("200").inc()
    services.metrics.ingest_seconds.observe(time.monotonic() - began)
    return answer(receipt)


async def taken(request: Request, services: Services, grant: Grant, body: bytes) -> Receipt:
    """Check and store a batch."""
    services.metrics.received_bytes.inc(len(body))
    text = await asyncio.to_thread(decompressed, body, request.headers.get("content-encoding", ""))
    services.metrics.decompressed_bytes.inc(len(text))
    with services.admission.text(len(text)):
        batch = await asyncio.to_thread(check, text)
        services.access.bind(grant, {event.row.node for event in batch.events})
        return counted(services, batch, await stored(services, batch))


async def stored(services: Services, batch: CheckedBatch) -> int:
    """Store what was checked; give how many events were new. Unavailable if the store fails."""
    if not batch.events:
        return 0
    try:
        return await services.committer.store(batch)
    except StoreFailed as error:
        raise Unavailable(
            f"the store takes no writes: {error}; send it again", RETRY_AFTER_SECONDS
        ) from error


def counted(services: Services, batch: CheckedBatch, stored_events: int) -> Receipt:
    """Write the receipt, and count what it says."""
    repeated = len(batch.events) - stored_events
    services.metrics.events.labels("stored").inc(stored_events)
    services.metrics.events.labels("repeated").inc(repeated)
    services.metrics.events.labels("rejected").inc(len(batch.rejected))
    return Receipt(batch_id=batch.batch_id, stored=stored_events, repeated=repeated, rejected=batch.rejected)
