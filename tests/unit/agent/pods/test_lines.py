import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.pods.lines import Lines


def fed(lines: Lines, *parts: bytes) -> list[bytes]:
    return [line for part in parts for line in lines.feed(part)]


@given(st.lists(st.binary(max_size=20), max_size=20), st.integers(1, 7))
def test_lines_are_the_same_however_they_come(lines: list[bytes], step: int) -> None:
    wanted = [line.replace(b"\n", b"") for line in lines]
    stream = b"".join(line + b"\n" for line in wanted)
    parts = [stream[at : at + step] for at in range(0, len(stream), step)]

    assert fed(Lines(20), *parts) == [line for line in wanted if line]


def test_a_line_that_was_cut_is_none() -> None:
    assert fed(Lines(100), b'{"a":1}\n{"b"') == [b'{"a":1}']


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_a_line_that_is_too_long_is_left_out_counted_and_not_held(step: int) -> None:
    lines = Lines(10)
    stream = b"a" * 10 + b"\n" + b"b" * 500 + b"\nc\n" + b"d" * 11

    assert fed(lines, *(stream[at : at + step] for at in range(0, len(stream), step))) == [b"a" * 10, b"c"]
    assert lines.too_long == 2
    assert len(lines._begun) == 0
