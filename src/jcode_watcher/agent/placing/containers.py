"""Which container and which pod a cgroup is. Pure.

Only the tail of the path is read: a private cgroup namespace, a hybrid machine and a nested runtime put
anything before it. The forms are those of cgroupfs and of systemd slices, as containerd, CRI-O, Docker and
podman name them.
"""

import re
from functools import lru_cache
from typing import NamedTuple

CONTAINER = re.compile(r"(?:(?:cri-containerd|crio|docker|libpod)-)?([0-9a-f]{64})(?:\.scope)?")
POD = re.compile(r"(?:.*-)?pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?")
"""systemd's slices have `_` where the UID has `-`; static pods have 32 digits without either."""
REMEMBERED_MAX = 4_096


class Container(NamedTuple):
    """What a cgroup's path tells."""

    container_id: str | None
    pod_uid: str | None


NOWHERE = Container(None, None)


@lru_cache(REMEMBERED_MAX)
def container_of(cgroup_path: bytes) -> Container:
    """Read a cgroup's path from its end; what does not fit is unknown."""
    parts = cgroup_path.decode(errors="replace").strip("/").split("/")
    container = last_match(CONTAINER, parts)
    pod = last_match(POD, parts)
    return Container(container, pod.replace("_", "-") if pod else None)


def last_match(pattern: re.Pattern[str], parts: list[str]) -> str | None:
    """Give what the last folder that fits names."""
    return next((match[1] for part in reversed(parts) if (match := pattern.fullmatch(part))), None)
