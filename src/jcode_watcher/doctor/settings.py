"""What an operator may ask of the doctor; names are those of the agent's settings."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from jcode_watcher.settings.texts import NodeName, Url


class DoctorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of `jcode-watcher doctor`. Where the agent's environment is set, the agent's values hold."""

    root: Annotated[
        tuple[Path, ...],
        Meta(
            description="folder of workspaces on which the file modes are tried",
            extra={"example": "/workspaces"},
        ),
    ] = ()
    state: Annotated[
        Path | None, Meta(description="the agent's state folder, whose disk is measured; need not exist")
    ] = None
    spool_bytes_max: Annotated[
        int,
        Meta(
            ge=256 * 1024,
            le=16 * 1024**4,
            description="size the agent's spool may reach",
            extra={"unit": "bytes"},
        ),
    ] = 1024 * 1024 * 1024
    node: Annotated[
        NodeName, Meta(description="name of this node; where none is given, the machine's host name")
    ] = ""
    kubernetes_url: Annotated[
        Url, Meta(description="the Kubernetes API; asked only where a service account is mounted")
    ] = "https://kubernetes.default.svc"
    service_account: Annotated[
        Path, Meta(description="folder with a pod's token and ca.crt for the Kubernetes API")
    ] = Path("/var/run/secrets/kubernetes.io/serviceaccount")
    json: Annotated[bool, Meta(description="print a JSON array in place of lines")] = False
