"""Names that come with content: a file is linked, or was renamed from a name that nobody wants."""

import os
from pathlib import Path

import msgspec
import pytest
from tests.unit.filemon.conftest import Followed

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED, OF_FOLDER
from jcode_watcher.filemon.facts import Saved


def test_a_name_that_comes_with_content_is_a_link(followed: Followed) -> None:
    (followed.root / "a.txt").write_bytes(b"1")
    (followed.root / "a.c").hardlink_to(followed.root / "a.txt")
    followed.hear(CREATED, "a.c")
    followed.wait(0.2)
    assert followed.told() == ["linked a.c 1"]


def test_a_link_to_a_file_that_was_closed_is_told_before_its_name_is_taken_again(
    followed: Followed,
) -> None:
    for content in (b"1", b"2"):
        (followed.root / "a.tmp").write_bytes(content)
        followed.hear(CREATED | MODIFIED | CLOSED, "a.tmp")
        (followed.root / "a.c").unlink(missing_ok=True)
        (followed.root / "a.tmp").rename(followed.root / "a.c")
        followed.hear(CREATED, "a.c")
        assert followed.told() == [f"linked a.c {content.decode()}"]


def test_a_link_to_a_file_that_is_being_written_is_not_ready(followed: Followed) -> None:
    (followed.root / "a.tmp").write_bytes(b"half")
    followed.hear(CREATED | MODIFIED, "a.tmp")
    (followed.root / "a.tmp").rename(followed.root / "a.c")
    followed.hear(CREATED, "a.c")
    followed.hear(MODIFIED, "a.c")
    followed.wait(0.9)
    assert followed.told() == []
    followed.hear(CLOSED, "a.c")
    assert followed.told() == ["closed a.c half"]


def test_merged_events_of_a_link_that_was_made_again_end_as_on_the_disk(followed: Followed) -> None:
    followed.save("a.c", b"1")
    followed.told()
    followed.hear(CREATED | DELETED, "a.c")
    followed.wait(0.2)
    assert followed.told() == ["deleted a.c", "linked a.c 1"]


def test_what_was_withheld_is_told_by_a_comparison_that_knows_all_names(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_bytes(b"1")
    (tmp_path / "b.c").hardlink_to(tmp_path / "a.c")
    before = Followed(tmp_path)
    before.compare()
    before.wait(0.2)
    (told,) = {fact.state for fact in before.facts if isinstance(fact, Saved) and fact.state.sha256}

    followed = Followed(tmp_path, [(b"a.c", msgspec.structs.replace(told, sha256=None)), (b"b.c", told)])
    followed.compare()
    followed.wait(0.2)
    assert followed.told() == ["rescan a.c 1"]


def test_a_save_whose_names_cannot_be_counted_yet_is_told_once_they_can(followed: Followed) -> None:
    linked_with_one_name_heard_of(followed)
    followed.disk.settled = False
    followed.hear(MODIFIED | CLOSED, "a.c")
    followed.wait(0.1)
    assert followed.told() == []
    assert followed.follower.tally.uncounted == 2
    followed.disk.settled = True
    followed.wait(0.1)
    assert followed.told() == ["closed a.c 1"]


def test_what_a_comparison_cannot_count_yet_is_told_once_it_can(followed: Followed) -> None:
    linked_with_one_name_heard_of(followed)
    followed.disk.settled = False
    followed.compare()
    for _ in range(3):
        followed.wait(0.2)
    assert followed.told() == []
    followed.disk.settled = True
    followed.wait(0.2)
    assert sorted(followed.told()) == ["rescan a.c 1", "rescan b.c 1"]


def test_a_link_whose_other_name_is_replaced_while_they_are_counted_is_told_with_its_content(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed.save("a.c", b"1")
    (followed.root / "other").write_bytes(b"2")
    (followed.root / "b.c").hardlink_to(followed.root / "a.c")
    key_at = followed.disk.key_at

    def replace_first(folder_fd: int, name: bytes) -> bytes | None:
        if (followed.root / "other").exists():
            (followed.root / "other").replace(followed.root / "a.c")
        return key_at(folder_fd, name)

    followed.told()
    monkeypatch.setattr(followed.disk, "key_at", replace_first)
    followed.hear(CREATED, "b.c")
    assert followed.told() == ["linked b.c 1"]


def test_what_was_withheld_is_told_once_its_name_outside_is_gone_though_that_was_not_heard(
    followed: Followed,
) -> None:
    (followed.root / "a.c").write_bytes(b"1")
    outside = followed.root.parent / "outside.c"
    outside.hardlink_to(followed.root / "a.c")
    followed.hear(CREATED | CLOSED, "a.c")
    assert followed.told() == ["closed a.c linked_outside"]
    outside.unlink()
    followed.wait(0.2)
    assert followed.told() == ["rescan a.c 1"]


def test_what_stays_withheld_is_looked_at_once_more_however_often_it_changes(followed: Followed) -> None:
    (followed.root / "a.c").write_bytes(b"1")
    (followed.root.parent / "outside.c").hardlink_to(followed.root / "a.c")
    followed.hear(CREATED | CLOSED, "a.c")
    for seconds in range(10):
        os.utime(followed.root / "a.c", (seconds, seconds))
        followed.wait(0.2)
    assert followed.told() == ["closed a.c linked_outside", "rescan a.c linked_outside"]


def test_what_was_withheld_as_no_path_led_to_its_other_name_is_told_once_one_does(
    followed: Followed,
) -> None:
    for folder in ("a", "b"):
        (followed.root / folder).mkdir()
        followed.hear(CREATED | OF_FOLDER, folder)
    followed.finish()
    followed.save("a/a.c", b"1")
    (followed.root / "b/a.c").hardlink_to(followed.root / "a/a.c")
    followed.hear(CREATED, "b/a.c")
    followed.told()
    followed.disk.covered.add(followed.root / "b")
    followed.save("a/a.c", b"2")
    followed.wait(0.2)
    assert followed.kept() == {"a/a.c": None, "b/a.c": None}
    later_ns = followed.clock_ns()
    followed.follower.caught_up(later_ns)
    followed.wait(60)
    followed.disk.covered.clear()
    followed.wait(1.1)
    told_ns = [fact.time_ns for fact in followed.facts if isinstance(fact, Saved) and fact.how == "rescan"]
    assert told_ns == [later_ns, later_ns]
    assert followed.kept() == {"a/a.c": b"2", "b/a.c": b"2"}


def linked_with_one_name_heard_of(followed: Followed) -> None:
    (followed.root / "a.c").write_bytes(b"1")
    (followed.root / "b.c").hardlink_to(followed.root / "a.c")
