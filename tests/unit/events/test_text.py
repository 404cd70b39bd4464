"""Bytes as text and back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.events import to_bytes, to_text


@given(st.binary())
def test_the_bytes_come_back_equal(raw: bytes) -> None:
    assert to_bytes(to_text(raw)) == raw


@given(st.binary())
def test_the_text_is_one_that_json_libraries_accept(raw: bytes) -> None:
    assert json.loads(json.dumps(to_text(raw)).encode()) == to_text(raw)
    to_text(raw).encode()


def test_valid_text_stays_readable() -> None:
    assert to_text("과제/hw1.c".encode()) == "과제/hw1.c"


def test_a_bad_byte_and_a_backslash_are_escaped() -> None:
    assert to_text(b"\xffa\\x41") == r"\xFFa\\x41"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_without_an_error(text: str) -> None:
    to_bytes(text)
