"""uvicorn's side of the door: whoever sends nonsense gets one answer, and no line in the log."""

import asyncio
import sys
from typing import Any

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from jcode_watcher.serving.door import BUSY, LINGER_BYTES_MAX, LINGER_SECONDS_MAX, WAIT_SECONDS_MAX, Door

HEAD_TOO_LONG = 431
LINE_TOO_LONG = 414
HEAD_BYTES_MAX = 64 * 1024
"""Of a request's line, and of all its headers."""
SAYS = {
    400: "this is no HTTP request",
    LINE_TOO_LONG: "the request's line is too long; send at most 64 KiB",
    HEAD_TOO_LONG: "the request's headers are too long; send at most 64 KiB",
}


class Connection(h11.Connection):
    """HTTP that keeps its limit also where a head comes all at once: h11's own is for half of one."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, HEAD_BYTES_MAX)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Give the next event; RemoteProtocolError for a request that is too long."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            if len(event.target) > HEAD_BYTES_MAX:
                raise h11.RemoteProtocolError("line too long", LINE_TOO_LONG)
            if sum(len(name) + len(value) for name, value in event.headers) > HEAD_BYTES_MAX:
                raise h11.RemoteProtocolError("headers too long", HEAD_TOO_LONG)
        return event


class DoorProtocol(H11Protocol):
    """One connection."""

    door: Door
    _deadline: asyncio.TimerHandle | None = None
    _is_socket = False
    """It was handed over to a live socket."""
    _rest_bytes: int | None = None
    """Of a refused request: what came after the refusal."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = Connection()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Come in, or be told that there is no room."""
        if self.door.enter(self, transport.abort):
            super().connection_made(transport)
            self._await_request()
            return
        transport.write(BUSY)
        self._rest_bytes = 0
        self.transport = transport
        transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Be forgotten."""
        self.door.leave(self)
        self._stop_waiting()
        if self.flow is not None:  # it was let in
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; of a refused request nothing more."""
        if self._rest_bytes is not None:
            self._rest_bytes += len(data)
            if self._rest_bytes > LINGER_BYTES_MAX:
                self.transport.abort()
            return
        super().data_received(data)
        if self._rest_bytes is not None:
            return
        if self.cycle is None or self.cycle.response_complete:
            self._await_request()
        else:
            self._stop_waiting()
            self.door.asks(self)

    def eof_received(self) -> None:
        """Close a refused request that has ended."""
        if self._rest_bytes is not None:
            self.transport.close()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.door.waits(self)
        super().on_response_complete()
        if self.cycle is not None and not self.cycle.response_complete:  # one that had come meanwhile
            self.door.asks(self)
        elif self.conn.trailing_data[0]:  # half of one
            self._await_request()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave: sockets have a limit of their own, and may be quiet."""
        self._is_socket = True
        self._stop_waiting()
        self.door.leave(self)
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, and read on for a while: closed at once, the answer would be lost."""
        status = self._status_of(sys.exception())
        self.door.refused["malformed" if status == 400 else "too_long"] += 1  # noqa: PLR2004 - HTTP's number
        self._rest_bytes = 0
        self._stop_waiting()
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.abort()  # in the middle of an answer there is no other way to say so
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = msgspec.json.encode({"error": SAYS.get(status, msg)})
        head = f"HTTP/1.1 {status} {STATUS_PHRASES[status].decode()}\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self.transport.write(head.encode() + body)
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS_MAX, self.transport.close)

    def _status_of(self, fault: BaseException | None) -> int:
        status = getattr(fault, "error_status_hint", 400)
        if self.conn.their_state is not h11.ERROR:
            return int(status)  # what came whole
        if status != HEAD_TOO_LONG:
            return 400
        return HEAD_TOO_LONG if b"\n" in self.conn.trailing_data[0] else LINE_TOO_LONG

    def _await_request(self) -> None:
        # uvicorn hands a socket over in the middle of data_received: what follows there would wait again.
        if self._deadline is None and not self._is_socket:
            self._deadline = self.loop.call_later(WAIT_SECONDS_MAX, self._late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self.door.refused["late"] += 1
        self.transport.abort()


def protocol_behind(door: Door) -> type[DoorProtocol]:
    """Give the protocol of one server's connections."""
    return type("DoorProtocol", (DoorProtocol,), {"door": door})
