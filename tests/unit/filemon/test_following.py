import errno
import os
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon.changes import (
    CLOSED,
    CREATED,
    DELETED,
    MODIFIED,
    OF_FOLDER,
    OVERFLOWED,
    RENAMED,
    Change,
)
from jcode_watcher.filemon.facts import FileState

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def state_of(followed: "Followed", path: str, sha256: str | None = None) -> FileState:
    status = (followed.root / path).stat()
    return FileState(
        followed.disk.key_of(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns, sha256
    )


def again(followed: "Followed", known: dict[str, FileState]) -> "Followed":
    """Make a second follower of the same root that knows what an earlier run told."""
    return type(followed)(followed.root, [(os.fsencode(p), s) for p, s in known.items()])


def test_a_new_file_is_not_ready_before_it_is_closed(followed: "Followed") -> None:
    (followed.root / "a.c").write_bytes(b"half")
    followed.hear(CREATED, "a.c")
    followed.hear(MODIFIED, "a.c")
    followed.wait(0.9)
    assert followed.told() == []
    followed.hear(CLOSED, "a.c")
    assert followed.told() == ["closed a.c half"]
    followed.wait(5)
    assert followed.told() == []


def test_a_file_that_is_held_open_is_told_after_a_second_of_quiet(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    followed.told()
    (followed.root / "a.c").write_bytes(b"22")
    followed.hear(MODIFIED, "a.c")
    followed.wait(0.8)
    followed.hear(MODIFIED, "a.c")
    followed.wait(0.8)
    assert followed.told() == []
    followed.wait(0.3)
    assert followed.told() == ["held_open a.c 22"]


def test_an_empty_file_without_a_close_is_told_after_the_second(followed: "Followed") -> None:
    (followed.root / "a.c").touch()
    followed.hear(CREATED, "a.c")
    followed.wait(0.2)
    assert followed.told() == []
    followed.wait(1.1)
    assert followed.told() == ["held_open a.c "]


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


def test_a_backup_dance_is_one_save_and_its_version_before_is_known(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    followed.rename("a.c", "a.c~")
    followed.wait(0.1)
    followed.save("a.c", b"2")
    followed.wait(5)
    assert followed.told() == ["closed a.c 1", "closed a.c 2"]


def test_a_backup_without_a_new_file_is_a_deletion(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    followed.rename("a.c", "a.c~")
    followed.told()
    followed.wait(0.2)
    assert followed.told() == ["moved_out a.c"]


def test_a_save_that_moved_on_before_it_was_read_is_told_at_its_own_path(followed: "Followed") -> None:
    (followed.root / "a.c").write_bytes(b"1")
    followed.hear(CREATED, "a.c")
    key = followed.disk.key_of("a.c")
    (followed.root / "a.c").rename(followed.root / "b.c")
    followed.hear(CLOSED, "a.c", key)
    assert followed.told() == []
    followed.hear(RENAMED, "a.c", to="b.c")
    assert followed.told() == ["closed a.c 1", "moved a.c b.c"]


def test_a_save_that_nobody_can_reach_is_told_without_content(followed: "Followed") -> None:
    followed.compare()
    (followed.root / "a.c").write_bytes(b"1")
    followed.disk.covered.add(followed.root / "a.c")
    followed.hear(CREATED | CLOSED, "a.c")
    followed.wait(0.2)
    assert followed.told() == ["closed a.c unreadable"]
    followed.wait(5)
    assert (followed.told(), len(followed.follower.settling)) == ([], 0)


def no_memory(key: bytes) -> int:
    """Refuse as the kernel does while the inode number of a deleted file is being given away."""
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), key)


def test_a_save_of_which_the_kernel_cannot_say_yet_that_it_is_gone_is_told_gone(
    followed: "Followed", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed.disk, "open_file", no_memory)
    followed.save("a.c", b"1")
    assert followed.told() == []
    followed.delete("a.c")
    assert followed.told() == ["closed a.c gone", "deleted a.c"]


def test_a_save_of_which_the_kernel_never_says_anything_is_told_as_unreadable(
    followed: "Followed", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed.disk, "open_file", no_memory)
    followed.save("a.c", b"1")
    followed.wait(0.2)
    assert followed.told() == ["closed a.c unreadable"]
    followed.wait(5)
    assert (followed.told(), len(followed.follower.settling)) == ([], 0)


def test_a_folder_that_is_elsewhere_than_believed_is_found_again(followed: "Followed") -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    followed.save("d/a.c", b"1")
    followed.told()
    # The rename is never heard of, as where the kernel merged it with an equal one before.
    (followed.root / "d").rename(followed.root / "e")
    (followed.root / "e" / "a.c").write_bytes(b"2")
    followed.hear(CLOSED, "e/a.c")
    followed.wait(0.2)
    followed.wait(0.2)
    assert sorted(followed.told()) == ["closed e/a.c 2", "moved d/a.c e/a.c"]


def test_equal_states_are_not_read_and_changed_ones_are(followed: "Followed") -> None:
    for name in ("same", "changed", "gone"):
        followed.save(f"{name}.c", b"1")
    sha = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    known = {f"{n}.c": state_of(followed, f"{n}.c", sha) for n in ("same", "changed", "gone")}
    (followed.root / "changed.c").write_bytes(b"22")
    (followed.root / "gone.c").unlink()
    (followed.root / "new.c").write_bytes(b"3")
    second = again(followed, known)
    assert second.compare() == 3
    assert sorted(second.told()) == ["rescan changed.c 22", "rescan gone.c", "rescan new.c 3"]


def test_a_file_that_was_only_touched_is_no_news(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    sha = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    known = {"a.c": state_of(followed, "a.c", sha)}
    os.utime(followed.root / "a.c", ns=(1, 1))
    assert again(followed, known).compare() == 0


def test_what_the_comparison_has_told_is_not_told_again_by_the_event_behind_it(followed: "Followed") -> None:
    (followed.root / "a.c").write_bytes(b"1")
    followed.compare()
    followed.hear(CREATED | MODIFIED | CLOSED, "a.c")
    followed.wait(5)
    assert followed.told() == ["rescan a.c 1"]


def test_a_file_known_before_is_deleted_with_its_hash_before_the_comparison_comes_to_it(
    followed: "Followed",
) -> None:
    followed.save("a.c", b"1")
    second = again(followed, {"a.c": state_of(followed, "a.c", "0" * 64)})
    second.delete("a.c")
    (deleted,) = second.facts
    assert getattr(deleted, "previous_sha256", None) == "0" * 64
    assert second.compare() == 0


def test_a_folder_renamed_before_the_comparison_comes_to_it_takes_what_is_known_along(
    followed: "Followed",
) -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    followed.save("d/a.c", b"1")
    sha = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    second = again(followed, {"d/a.c": state_of(followed, "d/a.c", sha)})
    (followed.root / "d").rename(followed.root / "e")
    second.hear(RENAMED | OF_FOLDER, "d", to="e")
    assert second.compare() == 0
    assert second.told() == ["moved d/a.c e/a.c"]


def test_after_an_overflow_everything_is_compared_and_nothing_told_twice(followed: "Followed") -> None:
    followed.save("same.c", b"1")
    followed.save("changed.c", b"1")
    followed.told()
    (followed.root / "changed.c").write_bytes(b"22")
    followed.follower.follow(Change(OVERFLOWED, 0, b"", b"", b""), 5, followed.now)
    followed.finish()
    assert followed.told() == ["missed queue_overflow", "rescan changed.c 22"]


def test_nothing_is_told_of_what_is_below_a_pruned_folder(followed: "Followed") -> None:
    (followed.root / "node_modules" / "p").mkdir(parents=True)
    (followed.root / "node_modules" / "p" / "a.c").write_bytes(b"1")
    followed.compare()
    followed.hear(MODIFIED | CLOSED, "node_modules/p/a.c")
    assert followed.told() == []
    assert followed.follower.tally.outside == 1


def test_a_change_in_a_folder_that_is_gone_is_counted(followed: "Followed") -> None:
    followed.follower.follow(Change(CLOSED, 1, b"no such key", b"a.c", b"1"), 1, followed.now)
    assert followed.follower.tally.vanished == 1


def test_a_save_read_out_of_place_is_told_once_its_deletion_proves_where_it_was(followed: "Followed") -> None:
    followed.disk.covered.add(followed.root / "a.c")
    followed.save("a.c", b"1")
    assert followed.told() == []
    followed.delete("a.c")
    assert followed.told() == ["closed a.c 1", "deleted a.c"]


def test_a_save_read_out_of_place_is_not_told_with_content_where_it_went_out(
    followed: "Followed", tmp_path_factory: pytest.TempPathFactory
) -> None:
    followed.compare()
    followed.disk.covered.add(followed.root / "a.c")
    followed.save("a.c", b"1")
    key = followed.disk.key_of("a.c")
    (followed.root / "a.c").rename(tmp_path_factory.mktemp("outside") / "a.c")
    followed.hear_moved_out("a.c", key)
    assert followed.told() == ["closed a.c gone", "moved_out a.c"]


def test_a_folder_whose_renames_came_merged_is_found_again_without_a_save(followed: "Followed") -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    followed.save("d/a.c", b"1")
    followed.told()
    (followed.root / "d").rename(followed.root / "e")
    followed.hear(RENAMED | OF_FOLDER, "d", to="e")
    (followed.root / "e").rename(followed.root / "f")
    followed.wait(0.2)
    assert followed.told() == ["moved d/a.c e/a.c", "moved e/a.c f/a.c"]


def test_a_file_whose_renames_came_merged_is_found_again_without_a_save(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    (followed.root / "a.c").rename(followed.root / "b.c")
    (followed.root / "b.c").rename(followed.root / "c.c")
    followed.hear(RENAMED, "a.c", followed.disk.key_of("c.c"), to="b.c")
    followed.wait(0.2)
    assert followed.told() == ["closed a.c 1", "moved a.c b.c", "deleted b.c", "rescan c.c 1"]
