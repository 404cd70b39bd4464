"""What was heard of a file, and was out of date before anybody could look."""

import os
from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import (
    CLOSED,
    CREATED,
    DELETED,
    DOUBTED,
    MODIFIED,
    OF_FOLDER,
    RENAMED,
)

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def closed_under_an_old_name(followed: "Followed", path: str, content: bytes) -> bytes:
    """A file is saved, and when its close is heard no known name leads to it; give its key."""
    (followed.root / path).write_bytes(content)
    key = followed.disk.key_of(path)
    followed.disk.lost.add(key)
    followed.hear(CREATED | CLOSED, path)
    assert followed.told() == []
    return key


def test_a_save_that_was_renamed_before_it_was_read_is_told_whole(followed: "Followed") -> None:
    key = closed_under_an_old_name(followed, "new.c", b"1")
    followed.disk.lost.remove(key)
    followed.rename("new.c", "a.c")
    assert followed.told() == ["closed new.c 1", "moved new.c a.c"]


def test_a_save_that_was_renamed_and_deleted_before_it_was_read_is_told_where_it_was_made(
    followed: "Followed",
) -> None:
    (followed.root / "new.c").write_bytes(b"1")
    key = followed.disk.key_of("new.c")
    (followed.root / "new.c").unlink()
    followed.disk.stale.add(key)
    followed.hear(CREATED | CLOSED, "new.c", key)
    followed.hear(RENAMED, "new.c", key, to="a.c")
    followed.hear(DELETED, "a.c", key)
    assert followed.told() == ["closed new.c gone", "moved new.c a.c", "deleted a.c"]


def test_a_write_heard_late_takes_away_no_save_that_is_owed(followed: "Followed") -> None:
    key = closed_under_an_old_name(followed, "new.c", b"1")
    followed.hear(MODIFIED, "new.c")
    followed.disk.lost.remove(key)
    followed.rename("new.c", "a.c")
    assert followed.told() == ["closed new.c 1", "moved new.c a.c"]


def test_a_save_that_was_gone_under_its_next_name_is_told_under_its_own(followed: "Followed") -> None:
    key = closed_under_an_old_name(followed, "new.c", b"1")
    (followed.root / "new.c").unlink()
    followed.hear(RENAMED, "new.c", key, to="a.c")
    followed.hear(DELETED, "a.c", key)
    assert followed.told() == ["closed new.c gone", "moved new.c a.c", "deleted a.c"]


def test_a_later_save_that_could_not_be_read_is_told_before_its_file_becomes_a_backup(
    followed: "Followed",
) -> None:
    followed.save("a.c", b"1")
    followed.told()
    key = closed_under_an_old_name(followed, "a.c", b"2")
    (followed.root / "a.c").rename(followed.root / "a.c~")
    followed.hear(RENAMED, "a.c", key, to="a.c~")
    assert followed.told() == ["closed a.c gone"]


def test_a_save_in_a_folder_that_was_renamed_before_it_was_read_is_told_where_it_was_made(
    followed: "Followed",
) -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    key = closed_under_an_old_name(followed, "d/a.c", b"1")
    followed.disk.lost.remove(key)
    (followed.root / "d").rename(followed.root / "e")
    followed.hear(RENAMED | OF_FOLDER, "d", to="e")
    assert followed.told() == ["closed d/a.c 1", "moved d/a.c e/a.c"]


def test_a_save_that_nobody_could_read_is_told_before_its_deletion(followed: "Followed") -> None:
    key = closed_under_an_old_name(followed, "a.c", b"1")
    (followed.root / "a.c").unlink()
    followed.hear(DELETED, "a.c", key)
    assert followed.told() == ["closed a.c gone", "deleted a.c"]


def test_a_file_that_nobody_ever_found_is_found_where_its_folder_went(followed: "Followed") -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    (followed.root / "d/a.c").write_bytes(b"1")
    followed.hear(CREATED, "d/a.c", b"of nothing there")
    followed.hear(MODIFIED, "d/a.c", b"of nothing there")
    (followed.root / "d").rename(followed.root / "e")
    followed.hear(RENAMED | OF_FOLDER, "d", to="e")
    followed.finish()
    assert followed.told() == ["moved_in e/a.c 1"]


def test_a_further_name_is_told_at_once_as_the_next_save_may_come_through_either(
    followed: "Followed",
) -> None:
    followed.save("a.c", b"1")
    os.link(followed.root / "a.c", followed.root / "b.c")
    followed.hear(CREATED, "b.c")
    assert followed.told() == ["closed a.c 1", "linked b.c 1"]


def test_what_left_a_folder_is_missed_there_where_nothing_says_what_became_of_it(
    followed: "Followed",
) -> None:
    followed.save("a.c", b"1")
    (followed.root / "a.c").unlink()
    followed.hear(DOUBTED, "a.c", b"")
    assert not followed.follower.resting
    followed.wait(0.2)
    followed.wait(0.2)
    assert followed.told() == ["closed a.c 1", "deleted a.c"]


def test_a_save_in_a_folder_that_was_away_for_a_moment_is_told_before_the_next_one(
    followed: "Followed",
) -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    key = closed_under_an_old_name(followed, "d/a.c", b"1")
    followed.disk.lost.remove(key)
    followed.hear(RENAMED | OF_FOLDER, "d", to="d")
    assert followed.told() == ["closed d/a.c 1"]


def test_a_save_that_could_not_be_read_before_it_replaced_a_file_follows_what_was_there(
    followed: "Followed",
) -> None:
    followed.save("a.c", b"1")
    followed.told()
    key = closed_under_an_old_name(followed, "new.c", b"2")
    (followed.root / "new.c").rename(followed.root / "a.c")
    followed.hear(RENAMED, "new.c", key, to="a.c")
    (followed.root / "a.c").unlink()
    followed.hear(DELETED, "a.c", key)
    assert followed.told() == ["closed a.c gone", "deleted a.c"]
