"""A brake on guessing: failed sign-ins of one address, in one minute."""

from collections import OrderedDict

WINDOW_SECONDS = 60
ADDRESSES_MAX = 10_000
"""Addresses remembered; the one that failed longest ago is forgotten first."""


class Attempts:
    """Counts failures per address. Times are monotonic seconds."""

    def __init__(self, failures_max: int) -> None:
        self._failures_max = failures_max
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_seconds(self, address: str, now: float) -> int:
        """Tell how long an address must wait before it may try again; 0 if it need not."""
        began, count = self._failures.get(address, (now, 0))
        left = began + WINDOW_SECONDS - now
        return int(left) + 1 if count >= self._failures_max and left > 0 else 0

    def failed(self, address: str, now: float) -> None:
        """Note a failure."""
        began, count = self._failures.pop(address, (now, 0))
        if now >= began + WINDOW_SECONDS:
            began, count = now, 0
        self._failures[address] = began, count + 1
        while len(self._failures) > ADDRESSES_MAX:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget an address's failures."""
        self._failures.pop(address, None)
