"""Whether little happens, so that each time may cost more, or much."""


class Pace:
    """A bucket: it fills with time, and whatever comes takes from it. No clock of its own.

    Who comes too soon takes as well, so that in a lasting flood nobody finds anything.
    """

    def __init__(self, per_second: float, in_a_row: float) -> None:
        self._per_second = per_second
        self._in_a_row = in_a_row
        self._left = in_a_row
        self._at = 0.0

    def is_hard(self, now: float) -> bool:
        """Tell whether what comes at this moment is one of many; only then it takes anything."""
        hard = self._left + (now - self._at) * self._per_second < 1.0
        if hard:
            self._at = now
            self._left = 0.0
        return hard

    def is_easy(self, now: float) -> bool:
        """Tell whether what comes at this moment is one of few."""
        filled = min(self._in_a_row, self._left + (now - self._at) * self._per_second)
        self._at = now
        self._left = max(0.0, filled - 1.0)
        return filled >= 1.0
