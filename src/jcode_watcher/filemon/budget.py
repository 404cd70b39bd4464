"""How often what costs much is done: a bucket that fills with time."""

import time
from collections.abc import Callable


class Budget:
    """So much at once, and so much a second for long."""

    def __init__(
        self, at_once_max: int, per_second_max: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once_max = at_once_max
        self._per_second_max = per_second_max
        self._clock = clock
        self._left = float(at_once_max)
        self._at = clock()

    def take(self, cost: int = 1) -> bool:
        """Tell whether so much is left, and take it. What costs more than all there can be takes all."""
        now = self._clock()
        self._left = min(self._at_once_max, self._left + (now - self._at) * self._per_second_max)
        self._at = now
        cost = min(cost, self._at_once_max)
        if self._left < cost:
            return False
        self._left -= cost
        return True
