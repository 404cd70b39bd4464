"""When a save is told, and what is followed at all."""

from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CLOSED, CREATED, MODIFIED, Change
from jcode_watcher.filemon.wholeness import EMPTY_SECONDS

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


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
    followed.wait(EMPTY_SECONDS * 2)
    assert followed.told() == ["held_open a.c "]


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
