"""What was told and could not be kept is told once more, as it is by then."""

from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import OVERFLOWED, Change
from jcode_watcher.filemon.facts import FileState, Saved, Unkept

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def saved(followed: "Followed", path: str, content: bytes) -> FileState:
    """Save a file, and give what is told of it."""
    followed.save(path, content)
    fact = followed.facts.pop()
    assert isinstance(fact, Saved)
    return fact.state


def again(followed: "Followed", path: str, told: FileState | None, kept: FileState | None) -> list[str]:
    """Give what is told where this could not be kept."""
    followed.follower.scanner.tell_again([Unkept(path=path.encode(), told=told, kept=kept)])
    followed.finish()
    return followed.told()


def test_a_version_that_was_not_kept_is_told_with_its_content(followed: "Followed") -> None:
    first, second = saved(followed, "a.c", b"1"), saved(followed, "a.c", b"2")

    assert again(followed, "a.c", second, first) == ["rescan a.c 2"]
    assert again(followed, "a.c", second, None) == ["rescan a.c 2"]


def test_it_is_not_told_where_a_newer_one_was_told_since(followed: "Followed") -> None:
    first = saved(followed, "a.c", b"1")
    saved(followed, "a.c", b"2")

    assert again(followed, "a.c", first, None) == []


def test_it_is_not_told_where_the_file_holds_again_what_is_kept(followed: "Followed") -> None:
    first, second = saved(followed, "a.c", b"1"), saved(followed, "a.c", b"2")
    (followed.root / "a.c").write_bytes(b"1")

    assert again(followed, "a.c", second, first) == []


def test_a_deletion_that_was_not_kept_is_told(followed: "Followed") -> None:
    kept = saved(followed, "a.c", b"1")
    followed.delete("a.c")
    followed.told()

    assert again(followed, "a.c", None, kept) == ["rescan a.c"]
    assert again(followed, "a.c", None, None) == []


def test_a_deletion_is_not_told_where_the_file_has_come_back_since(followed: "Followed") -> None:
    kept = saved(followed, "a.c", b"1")
    followed.delete("a.c")
    saved(followed, "a.c", b"2")
    followed.told()

    assert again(followed, "a.c", None, kept) == []


def test_both_names_of_a_move_that_was_not_kept_are_told(followed: "Followed") -> None:
    state = saved(followed, "a.c", b"1")
    followed.rename("a.c", "b.c")
    followed.told()

    assert again(followed, "a.c", None, state) == ["rescan a.c"]
    assert again(followed, "b.c", state, None) == ["rescan b.c 1"]


def test_it_is_told_also_where_everything_is_being_compared(followed: "Followed") -> None:
    kept, told = saved(followed, "a.c", b"1"), saved(followed, "a.c", b"2")
    new = saved(followed, "b.c", b"1")
    followed.follower.follow(Change(OVERFLOWED, 0, b"", b"", b""), 1, followed.now)
    followed.told()

    followed.follower.scanner.tell_again(
        [Unkept(path=b"a.c", told=told, kept=kept), Unkept(path=b"b.c", told=new, kept=None)]
    )
    followed.finish()
    assert sorted(followed.told()) == ["rescan a.c 2", "rescan b.c 1"]
