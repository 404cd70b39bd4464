"""Tells of what is missing, and counts how often."""

from collections.abc import Callable

from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import Fact, Missed
from jcode_watcher.filemon.uncaught import Uncaught


class Gaps:
    """Makes facts of it, and hands them on."""

    def __init__(self, emit: Callable[[Fact], None], tally: Tally, *uncaught: Uncaught) -> None:
        """What is `uncaught` is told together, when that is due."""
        self._emit = emit
        self._tally = tally
        self._uncaught = uncaught

    def missed(self, reason: str, since_ns: int, until_ns: int) -> None:
        """Tell that nobody knows how much happened between two wall times."""
        self.tell(Missed(reason=reason, count=None, since_ns=since_ns, until_ns=until_ns))

    def report(self, now: float) -> None:
        """Tell of what was counted one by one, as far as that is due."""
        for uncaught in self._uncaught:
            missed = uncaught.report(now) if uncaught.counted else None
            if missed is not None:
                self.tell(missed)

    def tell(self, missed: Missed) -> None:
        """Hand on what is known to be missing."""
        self._tally.missed += 1
        self._emit(missed)
