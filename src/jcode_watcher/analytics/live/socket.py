"""`/v1/live`: one viewer's WebSocket."""

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from jcode_watcher.analytics.answers import refusal
from jcode_watcher.analytics.errors import Refused, Unavailable
from jcode_watcher.analytics.live.feed import READY, Watched, frame_of
from jcode_watcher.analytics.services import Services, services_of
from jcode_watcher.analytics.store import EventRow
from jcode_watcher.serving import Subscription

FRAMES_AT_ONCE = 64
"""Events taken from the queue before the queue may drop again: at most so many are late for a slow viewer."""
GOING_AWAY = 1001
RETRY_AFTER_SECONDS = 10


async def live(socket: WebSocket) -> None:
    """Show newly stored events until either side ends."""
    services = services_of(socket)
    try:
        watched = admitted(socket, services)
    except Refused as refused:
        await socket.send_denial_response(refusal(socket, refused))
        return
    subscription = services.feed.subscribe(watched)
    try:
        await socket.accept()
        await until_either_ends(socket, subscription)
    except WebSocketDisconnect:
        return
    finally:
        services.feed.unsubscribe(subscription)


def admitted(socket: WebSocket, services: Services) -> Watched:
    """Check who connects, before the upgrade; give what is watched. Refused says why not."""
    services.access.same_site(socket)
    services.access.reader(socket)
    clients = services.feed.clients()
    if clients >= services.live_clients_max:
        raise Unavailable(
            f"{clients} live sockets are open, no more are taken; connect later", RETRY_AFTER_SECONDS
        )
    query = socket.query_params
    return Watched(query.get("course"), query.get("section"), query.get("student"))


async def until_either_ends(socket: WebSocket, subscription: Subscription[EventRow]) -> None:
    """Send what comes; what the viewer says is not listened to."""
    sending = asyncio.create_task(send(socket, subscription))
    hearing = asyncio.create_task(hear(socket))
    ended, running = await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in ended:
        task.result()


async def send(socket: WebSocket, subscription: Subscription[EventRow]) -> None:
    """Send until the publisher closes."""
    await socket.send_text(READY)
    while items := await subscription.take(FRAMES_AT_ONCE):
        for item in items:
            await socket.send_text(frame_of(item))
    await socket.close(GOING_AWAY)


async def hear(socket: WebSocket) -> None:
    """Wait until the viewer leaves."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
