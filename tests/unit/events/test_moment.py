"""Moments as they travel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.events import moment, nanoseconds

YEAR_2200_NS = 7_258_118_400 * 10**9


@given(st.integers(0, YEAR_2200_NS))
def test_a_moment_keeps_its_microseconds(time_ns: int) -> None:
    assert nanoseconds(moment(time_ns)) == time_ns // 1000 * 1000


@given(st.integers(0, YEAR_2200_NS), st.integers(0, YEAR_2200_NS))
def test_texts_sort_as_the_moments_do(one: int, other: int) -> None:
    assert (moment(one) <= moment(other)) == (one // 1000 <= other // 1000)


def test_a_whole_second_still_has_six_digits() -> None:
    assert moment(1_000_000_000) == "1970-01-01T00:00:01.000000Z"


def test_another_zone_is_understood() -> None:
    assert nanoseconds("2026-03-02T10:00:00+09:00") == nanoseconds("2026-03-02T01:00:00Z")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-03-02T01:00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        nanoseconds(text)
