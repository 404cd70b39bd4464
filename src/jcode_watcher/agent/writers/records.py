"""Whether a process that is watched can have come and gone without a record."""

from collections import deque
from collections.abc import Callable

SAMPLES_MAX = 16
SAMPLE_NS = 250_000_000
"""Between two counts at least: so those that are remembered reach back four seconds and more."""


class Records:
    """Remembers how many records of processes were lost, and by when."""

    def __init__(self, lost: Callable[[], int | None], now_ns: Callable[[], int]) -> None:
        """Take what counts the records that were lost, None where none are made; and the wall clock."""
        self._lost = lost
        self.now_ns = now_ns
        self._samples: deque[tuple[int, int]] = deque(maxlen=SAMPLES_MAX)

    def note(self) -> None:
        """Count again, if the last time is some while ago. To be called first when watching begins."""
        now_ns = self.now_ns()
        if not self._samples or now_ns - self._samples[-1][0] >= SAMPLE_NS:
            lost = self._lost()
            if lost is not None:
                self._samples.append((now_ns, lost))

    def are_whole_since(self, time_ns: int) -> bool:
        """Tell whether none was lost since a time; false where that was too long ago to know."""
        before = [lost for counted_ns, lost in self._samples if counted_ns <= time_ns]
        if not before and len(self._samples) < SAMPLES_MAX:
            # Nothing was heard of before watching began.
            before = [lost for _, lost in self._samples][:1]
        return bool(before) and before[-1] == self._lost()
