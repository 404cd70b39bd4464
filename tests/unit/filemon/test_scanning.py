"""Everything is compared with what is known: what differs is told, and nothing twice."""

import os
import shutil
from typing import TYPE_CHECKING

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
from jcode_watcher.filemon.facts import Deleted, FileState

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


def test_what_is_known_of_a_folder_that_goes_while_it_is_listed_is_told_as_gone(followed: "Followed") -> None:
    (followed.root / "d").mkdir()
    followed.hear(CREATED | OF_FOLDER, "d")
    for name in ("d/a.c", "d/b.c"):
        followed.save(name, b"1")
    second = again(followed, {name: state_of(followed, name, "0" * 64) for name in ("d/a.c", "d/b.c")})
    for name in ("d/a.c", "d/b.c"):
        (second.root / name).write_bytes(b"changed")
    key = second.disk.key_of("d")
    second.follower.begin(1)
    while not second.follower.tree.file_count:
        second.follower.compare(second.now)
    shutil.rmtree(second.root / "d")
    second.hear(DELETED | OF_FOLDER, "d", key)
    second.finish()
    assert sorted(fact.path for fact in second.facts if isinstance(fact, Deleted)) == [b"d/a.c", b"d/b.c"]


def test_what_is_known_of_a_folder_that_goes_before_it_is_listed_is_told_as_gone(
    followed: "Followed",
) -> None:
    (followed.root / "d").mkdir()
    (followed.root / "d" / "a.c").write_bytes(b"1")
    second = again(followed, {"d/a.c": state_of(followed, "d/a.c", "0" * 64)})
    second.disk.vanishing.add(second.disk.key_of("d"))
    second.compare()
    second.wait(1)
    assert second.told() == ["rescan d/a.c"]
