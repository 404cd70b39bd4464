"""Moments as they travel: RFC 3339, UTC, microseconds."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated

import msgspec

Moment = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        description="RFC 3339, UTC, microseconds",
        examples=["2026-03-02T01:02:03.456789Z"],
    ),
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECONDS_REMEMBERED = 256
"""Events come in the order of time, many a second, and a calendar costs more than the rest of them."""


def moment(time_ns: int) -> str:
    """Give nanoseconds since 1970 (UTC) as RFC 3339 text, cut to microseconds."""
    seconds, microseconds = divmod(time_ns // 1000, 1_000_000)
    return f"{second_of(seconds)}.{microseconds:06d}Z"


@lru_cache(SECONDS_REMEMBERED)
def second_of(seconds: int) -> str:
    """Give seconds since 1970 (UTC) as the beginning of RFC 3339 text."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def nanoseconds(text: str) -> int:
    """Give RFC 3339 text with a zone as nanoseconds since 1970 (UTC); ValueError if it is none."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; end it with Z")
    return (at - EPOCH) // MICROSECOND * 1000
