from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.snapshots.layout import (
    NAME_BYTES_MAX,
    SECOND_NS,
    Place,
    folder_of,
    is_due,
    place_of,
    stamp_of,
)
from jcode_watcher.events import Body, Subject
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved
from jcode_watcher.events.monitor import MonitorStopped

ME = Subject(course="os", section="1", student="202012180", assignment="hw1")
AT = 1_735_732_861_999_999_999
"""2025-01-01 12:01:01 UTC, and nearly a second."""

parts = st.one_of(
    st.binary(min_size=1, max_size=300), st.text("@%2540~a/.", min_size=1, max_size=9).map(str.encode)
).filter(lambda part: b"\0" not in part)


def test_a_version_lies_where_the_older_system_put_it() -> None:
    place = place_of(ME, "src/util/list.c")

    assert place == Place((b"os-1", b"hw1", b"202012180", b"src@util@list.c"), b".c")
    assert stamp_of(AT // SECOND_NS) + place.suffix == b"20250101_120101.c"
    assert stamp_of(AT // SECOND_NS + 59) == b"20250101_120200"


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert place_of(ME, "a\\xFF\\\\b.c").folders[3] == b"a\xff\\b.c"


@pytest.mark.parametrize(
    ("path", "suffix"), [("Makefile", b""), (".env", b""), ("a.b/c", b""), ("x.C", b".C")]
)
def test_a_version_has_the_suffix_of_its_file(path: str, suffix: bytes) -> None:
    assert place_of(ME, path).suffix == suffix


@given(parts, parts)
def test_no_two_paths_share_a_folder(one: bytes, other: bytes) -> None:
    assert (folder_of(one) == folder_of(other)) == (one == other)


@given(parts)
def test_a_folder_of_any_path_is_a_name_that_linux_allows(path: bytes) -> None:
    name = folder_of(path)

    assert 0 < len(name) <= NAME_BYTES_MAX
    assert b"/" not in name


def test_paths_that_differ_only_in_what_stands_for_a_slash_are_told_apart() -> None:
    names = {folder_of(path) for path in (b"a@b.c", b"a/b.c", b"a%40b.c", b"a%b.c", b"a%25b.c")}

    assert names == {b"a%40b.c", b"a@b.c", b"a%2540b.c", b"a%25b.c", b"a%2525b.c"}


def test_a_name_that_is_too_long_keeps_its_beginning_and_its_suffix() -> None:
    path = "가".encode() * 80 + b"/" + b"x" * 100 + b".c"

    name = folder_of(path)

    digest = sha256(path.replace(b"/", b"@")).hexdigest()[:32].encode()
    assert name == "가".encode() * 73 + b"%~" + digest + b".c"
    assert folder_of(path[:-3] + b"y.c") != name


@pytest.mark.parametrize(
    ("body", "due"),
    [
        (FileSaved(path="a.c", size=0, content="", how="closed"), True),
        (FileSaved(path="a.c", size=1, omitted="unchanged", how="closed"), False),
        (FileSaved(path="a.c", size=1 << 30, omitted="too_large", how="closed"), False),
        (FileDeleted(path="a.c"), True),
        (FileMoved(path="a.c", destination="b.c"), True),
        (MonitorStopped(), False),
    ],
)
def test_what_has_a_content_or_has_none_any_more_is_due(body: Body, *, due: bool) -> None:
    assert is_due(Draft(AT, ME, body)) == due
    assert not is_due(Draft(AT, None, body))
    assert not is_due(Draft(AT, Subject(course="os", section="1", student="1"), body))
