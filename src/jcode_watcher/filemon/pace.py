"""How promptly to listen: at once while little happens, in strides while much does."""

WAKES_PER_SECOND = 200.0
WAKES_IN_A_ROW = 20.0
STRIDE_SECONDS = 0.003
"""Events of so long are taken together; the kernel merges those of one file.

That bounds what a flood costs (a program that writes single bytes), and saves of one file this close together
are promised as best effort only.
"""


class Pace:
    """A bucket of prompt wake-ups: it fills with time, and each wake-up takes one. No clock of its own."""

    def __init__(self) -> None:
        self._prompt = WAKES_IN_A_ROW
        self._at = 0.0

    def pause_seconds(self, now: float) -> float:
        """Tell how long to wait before listening once more, at this moment."""
        filled = min(WAKES_IN_A_ROW, self._prompt + (now - self._at) * WAKES_PER_SECOND)
        self._at = now
        self._prompt = max(0.0, filled - 1.0)
        return 0.0 if filled >= 1.0 else STRIDE_SECONDS
