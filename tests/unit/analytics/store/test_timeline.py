from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.analytics.errors import BadRequest
from jcode_watcher.analytics.store.timeline import Place

PLACES = st.builds(
    Place,
    time=st.integers(-(2**63), 2**63 - 1),
    agent=st.text(max_size=20),
    seq=st.integers(0, 2**64 - 1),
    id=st.text(max_size=20),
)


@given(PLACES)
def test_a_cursor_leads_back_to_its_place(place: Place) -> None:
    cursor = place.cursor()
    assert Place.of_cursor(cursor) == place
    assert cursor.isascii()
    assert not set(cursor) & set("+/= &")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(BadRequest):
        Place.of_cursor(text)


@pytest.mark.parametrize("text", ["", "x", "e30", "WzEsMiwzLDRd", "\u00e9"])
def test_a_cursor_made_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="no cursor"):
        Place.of_cursor(text)
