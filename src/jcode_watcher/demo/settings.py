"""Settings of the demo."""

from typing import Annotated

import msgspec
from msgspec import Meta


class DemoSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What `jcode-watcher demo` may be told."""

    students: Annotated[int, Meta(ge=1, le=99, description="how many students the class has")] = 6
    seconds: Annotated[
        int, Meta(ge=1, le=86_400, description="how long the class lasts", extra={"unit": "seconds"})
    ] = 60
    hostname_prefix: Annotated[
        str, Meta(min_length=1, max_length=40, description="what the hostnames of the containers begin with")
    ] = "jcode-"
    listen: Annotated[str, Meta(description="where the dashboard is; port 0 takes a free one")] = (
        "127.0.0.1:0"
    )
    once: Annotated[
        bool, Meta(description="end with the class: exit status 0 only if nothing is missing or wrong")
    ] = False
