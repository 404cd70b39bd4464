"""The HTTP server, and how it ends."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from jcode_watcher.analytics.protocol import protocol_behind
from jcode_watcher.serving import Door

GRACEFUL_SECONDS_MAX = 3
"""How long SIGTERM waits for requests and sockets that do not end by themselves."""
KEEP_ALIVE_SECONDS = 75
CONNECTIONS_MAX = 1_024
"""Beside live sockets; one more pushes out the one that waits longest without a request."""
SOCKET_MESSAGE_BYTES_MAX = 4_096
"""Of what a live viewer sends: nothing is expected."""
SOCKET_PING_SECONDS = 20.0


def configuration(app: ASGIApp, door: Door) -> uvicorn.Config:
    """Give how the application is served."""
    return uvicorn.Config(
        app,
        http=protocol_behind(door),
        # uvicorn warns of every request that cannot be read: a flood of them would fill the disk.
        log_level=logging.ERROR,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # Anyone could say where a request came from; the brake on guessing counts real addresses.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS_MAX,
        ws="websockets-sansio",
        # Compression costs 33 µs a delivery and 100 kB a socket.
        ws_per_message_deflate=False,
        ws_max_size=SOCKET_MESSAGE_BYTES_MAX,
        ws_ping_interval=SOCKET_PING_SECONDS,
        ws_ping_timeout=SOCKET_PING_SECONDS,
    )


class Server(uvicorn.Server):
    """Says when it is ready, and takes a signal as the order to end well (exit status 0)."""

    def __init__(
        self, config: uvicorn.Config, *, ready: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept, then say so."""
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGTERM and SIGINT; uvicorn would raise them again after its end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _stop(self) -> None:
        self._ending()
        self.should_exit = True
