"""Saves that nobody can read, or not where they were made."""

import errno
import os
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jcode_watcher.filemon.changes import CLOSED, CREATED

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed

    from jcode_watcher.filemon.look import Look


def test_a_save_that_nobody_can_reach_is_told_without_content(followed: "Followed") -> None:
    followed.compare()
    (followed.root / "a.c").write_bytes(b"1")
    followed.disk.covered.add(followed.root / "a.c")
    followed.hear(CREATED | CLOSED, "a.c")
    followed.wait(0.2)
    assert followed.told() == ["closed a.c unreadable"]
    followed.wait(5)
    assert (followed.told(), len(followed.follower.settling)) == ([], 0)


def no_memory(key: bytes, *_: object) -> "Look":
    """Refuse as the kernel does while the inode number of a deleted file is being given away."""
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), key)


def test_a_save_of_which_the_kernel_cannot_say_yet_that_it_is_gone_is_told_gone(
    followed: "Followed", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed.disk, "look", no_memory)
    followed.save("a.c", b"1")
    assert followed.told() == []
    followed.delete("a.c")
    assert followed.told() == ["closed a.c gone", "deleted a.c"]


def test_a_save_of_which_the_kernel_never_says_anything_is_told_as_unreadable(
    followed: "Followed", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed.disk, "look", no_memory)
    followed.save("a.c", b"1")
    followed.wait(0.2)
    assert followed.told() == ["closed a.c unreadable"]
    followed.wait(5)
    assert (followed.told(), len(followed.follower.settling)) == ([], 0)


def test_a_save_read_while_it_lost_its_last_name_is_told_with_its_deletion(
    followed: "Followed", monkeypatch: pytest.MonkeyPatch
) -> None:
    look = followed.disk.look

    def look_at_deleted(*asked: Any) -> "Look":
        return msgspec.structs.replace(look(*asked), links=0, in_place=False)

    monkeypatch.setattr(followed.disk, "look", look_at_deleted)
    followed.save("a.c", b"1")
    assert followed.told() == []
    followed.delete("a.c")
    assert followed.told() == ["closed a.c 1", "deleted a.c"]


def test_a_save_read_where_it_had_a_name_elsewhere_is_told_without_content(followed: "Followed") -> None:
    followed.disk.covered.add(followed.root / "a.c")
    followed.save("a.c", b"secret")
    followed.delete("a.c")
    assert followed.told() == ["closed a.c gone", "deleted a.c"]


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
