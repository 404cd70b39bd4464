"""A disk that does not answer, and folders that cannot be listed: nothing is called missing for that."""

import errno
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon.changes import CLOSED, COMPARE, Cause, Change
from jcode_watcher.filemon.errors import Unanswered
from jcode_watcher.filemon.facts import Missed
from jcode_watcher.filemon.place_disk import PlaceDisk
from jcode_watcher.filemon.settling import Why

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.filemon.conftest import Followed

DUE = Change(COMPARE, 0, b"", b"", b"")


@pytest.fixture
def full(followed: "Followed") -> "Followed":
    """A tree of which everything is told."""
    for folder in ("d", "e"):
        (followed.root / folder).mkdir()
        (followed.root / folder / "a.c").write_text(folder)
    (followed.root / "a.c").write_text("1")
    followed.compare()
    followed.facts.clear()
    return followed


def test_a_comparison_without_an_answer_calls_nothing_missing_and_is_made_up_for(full: "Followed") -> None:
    full.disk.away = True
    full.follower.follow(DUE, 2, full.now)
    full.finish()
    assert full.told() == []
    assert not full.follower.resting
    (full.root / "a.c").unlink()
    full.disk.away = False
    full.follower.follow(DUE, 3, full.now)
    full.finish()
    (gap,) = (fact for fact in full.facts if isinstance(fact, Missed))
    assert gap == Missed(reason="no_answer", count=None, since_ns=1, until_ns=3)
    assert sorted(full.told()) == ["missed no_answer", "rescan a.c"]
    assert full.follower.resting


def test_a_comparison_that_loses_the_disk_half_way_calls_nothing_missing(full: "Followed") -> None:
    full.follower.follow(DUE, 2, full.now)
    full.follower.compare(full.now)
    full.disk.away = True
    full.finish()
    assert full.told() == []
    assert full.follower.tally.unanswered == 1


def test_what_waits_for_a_second_look_is_not_called_gone_by_a_disk_that_does_not_answer(
    full: "Followed",
) -> None:
    (full.root / "b.c").write_text("new")
    full.hear(CLOSED, "b.c")
    full.follower.settling.wait(next(full.follower.tree.files_under(full.follower.tree.root)), *unclear(full))
    full.told()
    full.disk.away = True
    full.wait(10)
    assert full.told() == []
    assert not full.follower.settling


def unclear(followed: "Followed") -> tuple[Why, Cause, float]:
    return Why.UNCLEAR, Cause(0, 1), followed.now


def test_files_in_a_folder_that_cannot_be_listed_are_not_called_missing(full: "Followed") -> None:
    full.disk.refusing.add(full.disk.key_of("d"))
    (full.root / "e" / "a.c").unlink()
    full.follower.follow(DUE, 2, full.now)
    full.finish()
    assert full.told() == ["rescan e/a.c"]
    full.disk.refusing.clear()
    (full.root / "d" / "a.c").unlink()
    full.follower.follow(DUE, 3, full.now)
    full.finish()
    assert full.told() == ["rescan d/a.c"]


def test_one_file_that_refuses_is_no_silence_of_the_file_system(tmp_path: "Path") -> None:
    asked_again: list[None] = []
    disk = PlaceDisk(bytes(tmp_path), lambda: asked_again.append(None))
    disk.must_answer(OSError(errno.EIO, "one file"))
    assert asked_again == []
    disk.close()


def test_a_file_system_that_cannot_even_tell_of_its_root_is_asked_again(tmp_path: "Path") -> None:
    asked_again: list[None] = []
    disk = PlaceDisk(bytes(tmp_path), lambda: asked_again.append(None))
    disk.close()  # what is asked of a closed descriptor fails, as it does of a stale handle

    with pytest.raises(Unanswered):
        disk.must_answer(OSError(errno.ESTALE, "stale"))
    assert len(asked_again) == 1
    disk.must_answer(FileNotFoundError(errno.ENOENT, "an answer"))
