"""Keys of folders that are nobody's business here: outside the root, or below a pruned folder."""

OUTSIDE_MAX = 1 << 16
"""Keys that are remembered: some 10 MB. Beyond, all are forgotten and learned again as they come."""


class Outside:
    """Remembers what was found to lie outside, so that the next event from there costs one look-up."""

    def __init__(self, limit: int = OUTSIDE_MAX) -> None:
        self._limit = limit
        self._keys: set[bytes] = set()

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: bytes) -> None:
        """Remember that this folder lies outside."""
        if len(self._keys) >= self._limit:
            self._keys.clear()
        self._keys.add(key)

    def clear(self) -> None:
        """Forget everything: a folder came in, and nobody knows which of these came with it."""
        self._keys.clear()
