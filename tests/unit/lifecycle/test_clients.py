import asyncio
from typing import Any, cast

from jcode_watcher.lifecycle.clients import send_events
from jcode_watcher.serving import Fanout


class Leaving:
    """A client whose connection is lost while it is being written to, as aiohttp says it."""

    closed = False

    async def send_frame(self, *_: Any) -> None:
        raise ConnectionError("Connection lost")


def test_a_client_that_leaves_while_it_is_written_to_is_no_error() -> None:
    async def scenario() -> None:
        fanout: Fanout[bytes] = Fanout(10)
        subscription = fanout.subscribe()
        fanout.publish([b"{}"])
        await send_events(cast("Any", Leaving()), cast("Any", None), subscription)

    asyncio.run(scenario())
