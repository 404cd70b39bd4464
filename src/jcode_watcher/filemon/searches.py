"""How often folders are searched for further names of a file: each costs as much as there is in them."""

import time
from collections.abc import Callable
from typing import Final

AT_ONCE_MAX: Final = 400
PER_SECOND_MAX: Final = 100
"""For long; of a file whose names are not searched for, content waits until all of them are known."""


class Searches:
    """A bucket of searches: it fills with time, and each takes one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left = float(AT_ONCE_MAX)
        self._at = clock()

    def take(self) -> bool:
        """Tell whether there is one left, and take it."""
        now = self._clock()
        self._left = min(AT_ONCE_MAX, self._left + (now - self._at) * PER_SECOND_MAX)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
