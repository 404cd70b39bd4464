"""Settings of the demo."""

from typing import Annotated

import msgspec
from msgspec import Meta

from jcode_watcher.settings.texts import ListenAddress


class DemoSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What `jcode-watcher demo` may be told."""

    students: Annotated[int, Meta(ge=1, le=99, description="how many students the class has")] = 6
    seconds: Annotated[
        int, Meta(ge=1, le=86_400, description="how long the class lasts", extra={"unit": "seconds"})
    ] = 60
    hostname_prefix: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}\Z",
            description="what the hostnames of the containers begin with",
            extra={"allowed": "1 to 40 letters, digits and -, the first no -"},
        ),
    ] = "jcode-"
    listen: Annotated[ListenAddress, Meta(description="where the dashboard is; port 0 takes a free one")] = (
        "127.0.0.1:0"
    )
    once: Annotated[
        bool, Meta(description="end with the class: exit status 0 only if nothing is missing or wrong")
    ] = False
