"""Folders that are not where the events said: what is kept ends as on the disk all the same."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CLOSED, CREATED, OF_FOLDER, RENAMED, UNSEEN, Cause
from jcode_watcher.filemon.facts import FileState

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def make(followed: "Followed", *paths: str) -> None:
    """Make folders, each with one saved file in it, and tell of them."""
    for path in paths:
        (followed.root / path).mkdir()
        followed.hear(CREATED | OF_FOLDER, path)
        followed.save(f"{path}/{Path(path).name}.c", path.encode())


def hear_of_a_folder_that_cannot_be_opened(followed: "Followed") -> bytes:
    """Make the folder `new` with a file in it, and give the folder's key."""
    followed.compare()
    (followed.root / "new").mkdir()
    (followed.root / "new" / "a.c").write_bytes(b"1")
    key = followed.disk.key_of("new")
    followed.hear(CREATED | OF_FOLDER | UNSEEN, "new")
    followed.disk.lost.add(key)
    followed.finish()
    return key


def on_disk(followed: "Followed") -> list[str]:
    files = (str(path.relative_to(followed.root)) for path in followed.root.rglob("*.c"))
    return sorted(files)


def wait_long(followed: "Followed") -> None:
    for _ in range(10):
        followed.wait(0.2)
    assert len(followed.follower.settling) == 0


def known_of(followed: "Followed", *paths: str) -> list[tuple[bytes, FileState]]:
    """Give what an earlier run would have told of files that were since written to."""
    stats = ((path, (followed.root / path).stat()) for path in paths)
    return [
        (os.fsencode(path), FileState(followed.disk.key_of(path), 1, s.st_mtime_ns, s.st_ctime_ns, "0" * 64))
        for path, s in stats
    ]


def test_two_folders_that_came_into_one_another_in_turn_do_not_end_in_themselves(
    followed: "Followed",
) -> None:
    make(followed, "a", "b")
    # a went into b and out again, then b into a; of all that, only the ends are heard.
    a, b = followed.disk.key_of("a"), followed.disk.key_of("b")
    (followed.root / "a").rename(followed.root / "b" / "a")
    followed.hear(RENAMED | OF_FOLDER, "a", a, to="b/a")
    (followed.root / "b" / "a").rename(followed.root / "a")
    (followed.root / "b").rename(followed.root / "a" / "b")
    followed.hear(RENAMED | OF_FOLDER, "b", b, to="a/b")
    wait_long(followed)
    assert sorted(followed.kept()) == on_disk(followed) == ["a/a.c", "a/b/b.c"]


def test_a_rename_that_was_overtaken_by_the_comparison_drives_no_folder_away(followed: "Followed") -> None:
    make(followed, "a")
    a = followed.disk.key_of("a")
    (followed.root / "a").rename(followed.root / "b")
    (followed.root / "b").rename(followed.root / "c")
    make(followed, "b")
    followed.told()
    followed.hear(RENAMED | OF_FOLDER, "a", a, to="b")
    assert followed.told() == []
    followed.hear(RENAMED | OF_FOLDER, "b", a, to="c")
    wait_long(followed)
    assert followed.told() == ["moved a/a.c c/a.c"]


def test_a_folder_found_in_the_place_of_another_sends_nobody_to_where_that_one_went(
    followed: "Followed",
) -> None:
    make(followed, "a", "b")
    # The renames are not heard of, as where the kernel merged them with equal ones before.
    (followed.root / "a").rename(followed.root / "c")
    (followed.root / "d").mkdir()
    (followed.root / "d" / "d.c").write_bytes(b"d")
    (followed.root / "d").rename(followed.root / "a")
    followed.rename("b/b.c", "b/e.c")
    followed.follower.scanner.check(followed.follower.tree.root, Cause(0, 1))
    followed.finish()
    wait_long(followed)
    assert sorted(followed.kept()) == on_disk(followed) == ["a/d.c", "b/e.c", "c/a.c"]


def test_folders_that_took_each_others_places_in_a_ring_are_all_found_again(followed: "Followed") -> None:
    make(followed, "a", "b", "c")
    for path, to in (("a", "x"), ("c", "a"), ("b", "c"), ("x", "b")):
        (followed.root / path).rename(followed.root / to)
    followed.hear(RENAMED | OF_FOLDER, "x", to="b")
    wait_long(followed)
    assert sorted(followed.kept()) == on_disk(followed) == ["a/c.c", "b/a.c", "c/b.c"]


def test_what_moved_onto_a_path_known_from_before_is_not_called_missing_later(followed: "Followed") -> None:
    for path in ("d", "e"):
        (followed.root / path).mkdir()
        (followed.root / path / "a.c").write_bytes(path.encode())
    second = type(followed)(followed.root, known_of(followed, "d/a.c", "e/a.c"))
    second.follower.begin(1)
    second.hear(CREATED | OF_FOLDER, "d")
    second.save("d/a.c", b"new")
    (second.root / "e" / "a.c").unlink()
    (second.root / "e").rmdir()
    (second.root / "d").rename(second.root / "e")
    second.hear(RENAMED | OF_FOLDER, "d", to="e")
    second.finish()
    assert second.told() == ["closed d/a.c new", "moved d/a.c e/a.c"]


def test_a_file_that_went_out_and_in_is_found_where_its_way_in_came_merged(followed: "Followed") -> None:
    followed.save("a.c", b"1")
    followed.hear_moved_out("a.c", followed.disk.key_of("a.c"))
    wait_long(followed)
    assert sorted(followed.kept()) == ["a.c"]


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


def test_a_new_folder_that_could_not_be_opened_at_once_is_looked_into_a_little_later(
    followed: "Followed",
) -> None:
    key = hear_of_a_folder_that_cannot_be_opened(followed)
    followed.disk.lost.discard(key)
    assert followed.told() == []
    followed.wait(1)

    assert followed.told() == ["rescan new/a.c 1"]


def test_a_new_folder_that_stays_away_until_it_is_forgotten_is_found_by_its_name(
    followed: "Followed",
) -> None:
    key = hear_of_a_folder_that_cannot_be_opened(followed)
    folder = followed.follower.tree.folder(key)
    assert folder is not None
    followed.follower._ledger.lose_folder(folder, "deleted", Cause(0, 1))
    followed.disk.lost.discard(key)
    followed.wait(1)

    assert followed.told() == ["moved_in new/a.c 1"]
