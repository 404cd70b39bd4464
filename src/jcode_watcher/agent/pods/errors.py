"""What can go wrong with the Kubernetes API. Nobody must act at once: events go without names meanwhile.

Unusable      a reason for the metrics and a line for the log; tried again, for ever
└── Expired   what was known is too old to go on from: list anew
"""


class Unusable(Exception):
    """An answer that cannot be used, or none."""

    def __init__(self, reason: str, detail: str, retry_after_seconds: float | None = None) -> None:
        """Take a word for the metrics and a line for the log."""
        super().__init__(detail)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class Expired(Unusable):
    """The server no longer has the version from which to go on."""

    def __init__(self) -> None:
        super().__init__("expired", "410: what was known is too old to go on from")
