"""How long to wait before a delivery is tried again."""

from collections.abc import Callable

FIRST_SECONDS = 0.2
DOUBLINGS_MAX = 20
RETRY_AFTER_SECONDS_MAX = 300.0


class Backoff:
    """Doubles the pause after each failure up to a limit, with jitter so that nodes do not come together."""

    def __init__(self, seconds_max: float, random: Callable[[], float]) -> None:
        """Take a source of numbers from 0 up to 1."""
        self._seconds_max = seconds_max
        self._random = random
        self._failures = 0

    def pause(self, at_least_seconds: float | None = None) -> float:
        """Count a failure; give the pause in seconds, never shorter than the other side asked for."""
        doubled: float = FIRST_SECONDS * 2 ** min(self._failures, DOUBLINGS_MAX)
        longest = min(self._seconds_max, doubled)
        self._failures += 1
        return max(longest * (0.5 + self._random() / 2), at_least_seconds or 0.0)

    def succeed(self) -> None:
        """Begin anew."""
        self._failures = 0


def seconds_in(retry_after: str | None) -> float | None:
    """Read Retry-After where it is a number of seconds."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None
    return min(float(retry_after), RETRY_AFTER_SECONDS_MAX)
