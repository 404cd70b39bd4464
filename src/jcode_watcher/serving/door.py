"""How many may be connected, and who makes room: a flood of half requests keeps nobody out."""

import resource
from collections import Counter, OrderedDict
from collections.abc import Callable

WAIT_SECONDS_MAX = 15
"""How long a connection may be open without a whole request, at its beginning and between two."""
LINGER_SECONDS_MAX = 1.0
"""How long what still comes of a refused request is read: closed at once, its answer would be lost."""
LINGER_BYTES_MAX = 4 * 1024 * 1024
FILES_RESERVED = 256
"""Descriptors kept for everything else."""
FILES_WANTED_MAX = 65_536
CONNECTIONS_MIN = 16

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
REASONS = ("malformed", "too_long", "late", "pushed_out", "busy")


class Door:
    """The connections of one server. Used by the event loop's thread only."""

    def __init__(self, connections_max: int) -> None:
        self._connections_max = connections_max
        self._waiting: OrderedDict[object, Callable[[], None]] = OrderedDict()
        self._asking: dict[object, Callable[[], None]] = {}
        self.refused: Counter[str] = Counter(dict.fromkeys(REASONS, 0))
        """By reason: malformed, too_long (line or headers), late (no whole request in time), pushed_out (it
        waited longest when there were too many), busy (too many, and all with a request)."""

    def __len__(self) -> int:
        """Tell how many are open."""
        return len(self._waiting) + len(self._asking)

    def enter(self, connection: object, cut: Callable[[], None]) -> bool:
        """Take a connection, if need be for the one that waits longest; False if all others are busy."""
        if len(self) >= self._connections_max:
            if not self._waiting:
                self.refused["busy"] += 1
                return False
            _, cut_other = self._waiting.popitem(last=False)
            self.refused["pushed_out"] += 1
            cut_other()
        self._waiting[connection] = cut
        return True

    def asks(self, connection: object) -> None:
        """Note that a whole request is here: the connection is not pushed out before it is answered."""
        if (cut := self._waiting.pop(connection, None)) is not None:
            self._asking[connection] = cut

    def waits(self, connection: object) -> None:
        """Note that it was answered."""
        if (cut := self._asking.pop(connection, None)) is not None:
            self._waiting[connection] = cut

    def leave(self, connection: object) -> None:
        """Forget a connection."""
        self._waiting.pop(connection, None)
        self._asking.pop(connection, None)


def connections_for(wanted: int, others: int = 0) -> int:
    """Raise the limit of open files for connections beside others; give how many may be open at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = FILES_WANTED_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_WANTED_MAX)
    files = min(wanted + others + FILES_RESERVED, allowed)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
        soft = files
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(CONNECTIONS_MIN, min(wanted, soft - others - FILES_RESERVED))
