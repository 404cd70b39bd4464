"""What an operator may set."""

from typing import Annotated

import msgspec
from msgspec import Meta

from jcode_watcher.settings.texts import HostName, HostnamePrefix, ListenHost, Origin


class LifecycleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of `jcode-watcher lifecycle`."""

    host: Annotated[
        ListenHost, Meta(description="address to listen on; whoever reaches it sees every command line")
    ] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65_535, description="TCP port to listen on; 0 lets the kernel choose")
    ] = 8080
    hostname_prefix: Annotated[
        tuple[HostnamePrefix, ...],
        Meta(
            max_length=16,
            description="tell only of processes whose hostname begins so; none tells of every process",
            extra={"example": "jcode-"},
        ),
    ] = ()
    stdout: Annotated[bool, Meta(description="print READY and one JSON object a line")] = True
    allowed_host: Annotated[
        tuple[HostName, ...],
        Meta(
            description="further host name under which a client may address this monitor",
            extra={"example": "ide.example.org"},
        ),
    ] = ()
    allowed_origin: Annotated[
        tuple[Origin, ...],
        Meta(
            description="further web origin, such as https://ide.example.org, whose pages may connect",
            extra={"example": "https://ide.example.org"},
        ),
    ] = ()
    clients_max: Annotated[
        int, Meta(ge=1, le=10_000, description="WebSocket clients at a time; one more is answered 503")
    ] = 100
    client_queue_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="newest events kept for a client that reads slowly; it is told how many it missed",
            extra={"unit": "events"},
        ),
    ] = 8_192
    stdout_queue_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="newest events kept while the reader of stdout is slow",
            extra={"unit": "events"},
        ),
    ] = 32_768
