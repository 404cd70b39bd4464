"""What goes wrong again and again is said at once, and then once a minute with how often it did."""

from collections.abc import Callable
from typing import Final, NamedTuple

SAY_SECONDS: Final = 60.0


class Notice(NamedTuple):
    """What is to be said of a reason."""

    reason: str
    detail: str
    """Of the last time."""
    times: int
    """Since it was said last."""


class Notices:
    """Counts by reason, of which there are a few; gives each when it is to be said."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._said_at: dict[str, float] = {}
        self._unsaid: dict[str, Notice] = {}

    def note(self, reason: str, detail: str) -> None:
        """Count one more."""
        before = self._unsaid.get(reason)
        self._unsaid[reason] = Notice(reason, detail, before.times + 1 if before else 1)

    def to_say(self) -> list[Notice]:
        """Give what is to be said now, each once."""
        now = self._monotonic()
        said_at = self._said_at
        ripe = [
            notice
            for reason, notice in self._unsaid.items()
            if reason not in said_at or now >= said_at[reason] + SAY_SECONDS
        ]
        for notice in ripe:
            del self._unsaid[notice.reason]
            said_at[notice.reason] = now
        return ripe

    def forget(self) -> None:
        """Say no more of what is over."""
        self._unsaid.clear()
