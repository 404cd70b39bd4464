"""Names that come with content: a file is linked, or was renamed from a name that nobody wants."""

from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def test_a_name_that_comes_with_content_is_a_link(followed: "Followed") -> None:
    (followed.root / "a.txt").write_bytes(b"1")
    (followed.root / "a.c").hardlink_to(followed.root / "a.txt")
    followed.hear(CREATED, "a.c")
    followed.wait(0.2)
    assert followed.told() == ["linked a.c 1"]


def test_a_link_to_a_file_that_was_closed_is_told_before_its_name_is_taken_again(
    followed: "Followed",
) -> None:
    for content in (b"1", b"2"):
        (followed.root / "a.tmp").write_bytes(content)
        followed.hear(CREATED | MODIFIED | CLOSED, "a.tmp")
        (followed.root / "a.c").unlink(missing_ok=True)
        (followed.root / "a.tmp").rename(followed.root / "a.c")
        followed.hear(CREATED, "a.c")
        assert followed.told() == [f"linked a.c {content.decode()}"]


def test_a_link_to_a_file_that_is_being_written_is_not_ready(followed: "Followed") -> None:
    (followed.root / "a.tmp").write_bytes(b"half")
    followed.hear(CREATED | MODIFIED, "a.tmp")
    (followed.root / "a.tmp").rename(followed.root / "a.c")
    followed.hear(CREATED, "a.c")
    followed.hear(MODIFIED, "a.c")
    followed.wait(0.9)
    assert followed.told() == []
    followed.hear(CLOSED, "a.c")
    assert followed.told() == ["closed a.c half"]


def test_merged_events_of_a_link_that_was_made_again_end_as_on_the_disk(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    followed.told()
    followed.hear(CREATED | DELETED, "a.c")
    followed.wait(0.2)
    assert followed.told() == ["deleted a.c", "linked a.c 1"]
