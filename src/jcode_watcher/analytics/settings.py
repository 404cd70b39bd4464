"""What the operator of the service may choose."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from jcode_watcher.settings.texts import HostName, ListenAddress


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of `jcode-watcher serve`."""

    data: Annotated[Path, Meta(description="folder of the store, the control data and the tokens")]
    listen: Annotated[
        ListenAddress,
        Meta(description="address of the API and the dashboard, HOST:PORT; port 0 lets the kernel choose"),
    ] = "127.0.0.1:8000"
    host_name: Annotated[
        tuple[HostName, ...],
        Meta(
            description="name under which browsers reach the service, beside loopback and the listen address",
            extra={"example": "watcher.example.org"},
        ),
    ] = ()
    batches_waiting_max: Annotated[
        int,
        Meta(ge=1, le=4096, description="batches taken in at once; more get 429", extra={"unit": "batches"}),
    ] = 64
    batches_waiting_mebibytes_max: Annotated[
        int,
        Meta(ge=8, le=4096, description="their JSON text, decompressed; more get 429", extra={"unit": "MiB"}),
    ] = 64
    disk_free_mebibytes_min: Annotated[
        int,
        Meta(
            ge=0,
            le=1024**3,
            description="free space below which batches get 503: merges need room",
            extra={"unit": "MiB"},
        ),
    ] = 64
    readers: Annotated[
        int, Meta(ge=1, le=64, description="queries that run at once", extra={"unit": "threads"})
    ] = 4
    live_queue_events: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description="events that wait for one slow viewer before it misses the oldest",
            extra={"unit": "events"},
        ),
    ] = 5_000
    live_clients_max: Annotated[
        int,
        Meta(ge=1, le=100_000, description="live sockets at once; more get 503", extra={"unit": "sockets"}),
    ] = 2_000
    session_hours: Annotated[
        int, Meta(ge=1, le=8_760, description="how long a browser stays signed in", extra={"unit": "hours"})
    ] = 12
    sign_in_failures_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000,
            description="failed sign-ins a minute from one address; more get 429",
            extra={"unit": "failures"},
        ),
    ] = 10
