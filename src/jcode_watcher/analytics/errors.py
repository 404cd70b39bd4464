"""What the service refuses.

AnalyticsError
├── CannotServe          the operator: the program does not start, exit status 2
├── StoreFailed          the operator: the store does not answer (disk full, broken files)
└── Refused              whoever asked: one HTTP answer
    ├── BadRequest       400  the request cannot be read
    ├── NotSignedIn      401  no token, or not one of ours
    ├── Forbidden        403  the token, Origin or Host may not do this
    ├── NotFound         404
    ├── TooSlow          408  the sender tries again
    ├── TooLarge         413  the sender halves the batch
    ├── TooMany          429  the sender waits
    └── Unavailable      503  the sender waits; the operator looks
"""

from typing import ClassVar


class AnalyticsError(Exception):
    """Root of the tree."""


class CannotServe(AnalyticsError):
    """The program does not start. Who must act: the operator."""

    exit_status = 2


class StoreFailed(AnalyticsError):
    """The store did not do what it was asked. Who must act: the operator."""


class Refused(AnalyticsError):
    """A request that is answered with an error. Who must act: whoever asked."""

    status: ClassVar[int]

    def __init__(self, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class BadRequest(Refused):
    """The request cannot be read."""

    status = 400


class NotSignedIn(Refused):
    """No token, or not one of ours."""

    status = 401


class Forbidden(Refused):
    """The token, the Origin or the Host may not do this."""

    status = 403


class NotFound(Refused):
    """There is no such thing."""

    status = 404


class TooSlow(Refused):
    """The request did not arrive in time."""

    status = 408


class TooLarge(Refused):
    """More than a request may hold."""

    status = 413


class TooMany(Refused):
    """More requests than are served at once, or than are allowed."""

    status = 429


class Unavailable(Refused):
    """The service cannot do its work now."""

    status = 503
