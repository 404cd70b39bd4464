"""Files that get another name: for a backup, before they were read, or twice at once."""

from pathlib import Path

from tests.unit.filemon.conftest import Followed

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, OF_FOLDER, RENAMED
from jcode_watcher.filemon.facts import FileState


def test_a_backup_dance_is_one_save_and_its_version_before_is_known(followed: Followed) -> None:
    followed.save("a.c", b"1")
    followed.rename("a.c", "a.c~")
    followed.wait(0.1)
    followed.save("a.c", b"2")
    followed.wait(5)
    assert followed.told() == ["closed a.c 1", "closed a.c 2"]


def test_a_backup_without_a_new_file_is_a_deletion(followed: Followed) -> None:
    followed.save("a.c", b"1")
    followed.rename("a.c", "a.c~")
    followed.told()
    followed.wait(0.2)
    assert followed.told() == ["moved_out a.c"]


def test_a_save_that_moved_on_before_it_was_read_is_told_at_its_own_path(followed: Followed) -> None:
    (followed.root / "a.c").write_bytes(b"1")
    followed.hear(CREATED, "a.c")
    key = followed.disk.key_of("a.c")
    (followed.root / "a.c").rename(followed.root / "b.c")
    followed.hear(CLOSED, "a.c", key)
    assert followed.told() == []
    followed.hear(RENAMED, "a.c", to="b.c")
    assert followed.told() == ["closed a.c 1", "moved a.c b.c"]


def test_a_file_whose_renames_came_merged_is_found_again_without_a_save(followed: Followed) -> None:
    followed.save("a.c", b"1")
    (followed.root / "a.c").rename(followed.root / "b.c")
    (followed.root / "b.c").rename(followed.root / "c.c")
    followed.hear(RENAMED, "a.c", followed.disk.key_of("c.c"), to="b.c")
    followed.wait(0.2)
    assert followed.told() == ["closed a.c 1", "moved a.c b.c", "deleted b.c", "rescan c.c 1"]


def test_a_save_that_moved_on_twice_before_it_was_read_takes_nothing_from_the_next_file_of_its_name(
    followed: Followed,
) -> None:
    (followed.root / "a.c").write_bytes(b"1")
    followed.hear(CREATED, "a.c")
    key = followed.disk.key_of("a.c")
    (followed.root / "a.c").rename(followed.root / "c.c")
    followed.hear(CLOSED, "a.c", key)
    followed.hear(RENAMED, "a.c", key, to="b.c")
    followed.save("a.c", b"2")
    followed.hear(RENAMED, "b.c", to="c.c")
    assert followed.told() == ["closed a.c 2", "closed b.c 1", "moved b.c c.c"]


def test_nor_does_it_take_anything_from_a_file_that_was_not_come_across_yet(tmp_path: Path) -> None:
    state = FileState(b"key", 1, 1, 1, "sha")
    followed = Followed(tmp_path, [(b"old/a.c", state)])
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        followed.hear(CREATED | OF_FOLDER, folder)
    (tmp_path / "new/a.c").write_bytes(b"1")
    followed.hear(CREATED, "new/a.c")
    key = followed.disk.key_of("new/a.c")
    (tmp_path / "new/a.c").rename(tmp_path / "c.c")
    followed.hear(CLOSED, "new/a.c", key)
    followed.hear(RENAMED, "new/a.c", key, to="b.c")
    new = followed.disk.key_of("new")
    (tmp_path / "new").rmdir()
    followed.hear(DELETED | OF_FOLDER, "new", new)
    followed.rename_folder("old", "new")
    followed.hear(RENAMED, "b.c", to="c.c")
    assert followed.told() == ["moved old/a.c new/a.c", "closed b.c 1", "moved b.c c.c"]
