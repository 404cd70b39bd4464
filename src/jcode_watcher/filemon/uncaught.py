"""Saves of which nothing can be told, counted, and told together as a gap."""

from typing import Final

from jcode_watcher.filemon.facts import Missed

TELL_SECONDS: Final = 1.0
"""Of all files together, at most so often."""


class Uncaught:
    """Counts what is missing for one reason. No clock of its own."""

    def __init__(self, reason: str) -> None:
        self._reason = reason
        self.counted = 0
        """Not told yet."""
        self._since_ns = 0
        self._until_ns = 0
        self._due = 0.0

    def count(self, time_ns: int, now: float) -> None:
        """Count a save that was heard of at this wall time."""
        if not self.counted:
            self._since_ns = time_ns
            self._due = now + TELL_SECONDS
        self.counted += 1
        self._until_ns = max(self._until_ns, time_ns)

    def report(self, now: float) -> Missed | None:
        """Give the gap, once it is time to tell of it; None where it is not."""
        if not self.counted or now < self._due:
            return None
        count, self.counted = self.counted, 0
        return Missed(reason=self._reason, count=count, since_ns=self._since_ns, until_ns=self._until_ns)
