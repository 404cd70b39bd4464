"""What is saved while others make it wait is told as it was saved, however late its turn comes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED, OF_FOLDER, RENAMED, Change
from jcode_watcher.filemon.early_reading import HELD_BYTES_MAX, READINGS_MAX

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


class Waiting:
    """Changes that are heard of, and followed only when their turn comes."""

    def __init__(self, followed: "Followed") -> None:
        self.followed = followed
        self.root = followed.root
        self._heard: list[tuple[Change, int]] = []
        self._time_ns = 0

    @property
    def read(self) -> int:
        return self.followed.follower.tally.read_early

    def hear(self, what: int, path: str, to: str = "", key: bytes | None = None) -> None:
        """Hear of a change; each is read ahead, as if others were before it."""
        disk = self.followed.disk
        folder, new_folder = (disk.key_of(str(Path(p).parent)) for p in (path, to))
        target = disk.key_of(to or path) if key is None else key
        new = (new_folder, os.fsencode(Path(to).name)) if to else (b"", b"")
        change = Change(what, 7, folder, os.fsencode(Path(path).name), target, *new)
        self._time_ns = self.followed.clock_ns()
        self._heard.append((change, self._time_ns))
        self.followed.follower.read_ahead(iter([change]), self._time_ns, self.followed.now)

    def save(self, path: str, content: bytes, what: int = MODIFIED | CLOSED) -> None:
        (self.root / path).write_bytes(content)
        self.hear(what, path)

    def replace(self, path: str, content: bytes, through: str) -> None:
        """Save as editors do: write another file, and rename it over this one."""
        (self.root / through).write_bytes(content)
        key = self.followed.disk.key_of(through)
        (self.root / through).rename(self.root / path)
        self.hear(CREATED | MODIFIED | CLOSED, through, key=key)
        self.hear(RENAMED, through, to=path)

    def delete(self, path: str) -> None:
        key = self.followed.disk.key_of(path)
        (self.root / path).unlink()
        self.hear(DELETED, path, key=key)

    def follow(self) -> list[str]:
        """Let the turn of all come, and give what is told."""
        for change, time_ns in self._heard:
            self.followed.follower.heard_until(time_ns)
            self.followed.follower.follow(change, time_ns, self.followed.now)
        self._heard.clear()
        self.followed.follower.caught_up(self._time_ns)
        self.followed.wait(2)
        return self.followed.told()


@pytest.fixture
def waiting(followed: "Followed") -> Waiting:
    """Two workspaces with one file each, long since told."""
    for workspace in ("os-1-1", "os-1-2"):
        (followed.root / workspace / "d").mkdir(parents=True)
        (followed.root / workspace / "a.c").write_bytes(b"0")
    followed.compare()
    followed.facts.clear()
    return Waiting(followed)


def test_each_save_is_told_though_the_next_was_there_before_its_turn(waiting: Waiting) -> None:
    for content in (b"1", b"2", b"3"):
        waiting.save("os-1-1/a.c", content)
    assert waiting.follow() == [f"closed os-1-1/a.c {number}" for number in (1, 2, 3)]


@pytest.mark.parametrize("through", ["os-1-1/a.tmp", "os-1-1/tmp.c"], ids=["unwanted name", "wanted name"])
def test_each_save_by_renaming_is_told_though_its_file_was_gone_before_its_turn(
    waiting: Waiting, through: str
) -> None:
    for content in (b"1", b"2", b"3"):
        waiting.replace("os-1-1/a.c", content, through)
    told = waiting.follow()
    assert [fact.split()[-1] for fact in told if not fact.startswith("moved")] == ["1", "2", "3"]
    assert waiting.followed.follower.tally.gone == 0


def test_what_was_saved_and_deleted_before_its_turn_is_told_with_its_content(waiting: Waiting) -> None:
    waiting.save("os-1-1/d/new.c", b"1", CREATED | MODIFIED | CLOSED)
    waiting.delete("os-1-1/d/new.c")
    assert waiting.follow() == ["closed os-1-1/d/new.c 1", "deleted os-1-1/d/new.c"]


def test_who_saves_more_than_may_be_read_ahead_takes_nothing_from_another(waiting: Waiting) -> None:
    for number in range(2 * READINGS_MAX):
        waiting.save("os-1-1/a.c", b"%d" % number)
    waiting.save("os-1-2/a.c", b"1")
    assert waiting.read == READINGS_MAX + 1
    waiting.followed.now += 1
    waiting.save("os-1-1/a.c", b"again")
    assert waiting.read == READINGS_MAX + 2
    waiting.save("os-1-2/a.c", b"2")
    assert [fact for fact in waiting.follow() if "os-1-2" in fact] == [
        "closed os-1-2/a.c 1",
        "closed os-1-2/a.c 2",
    ]


def test_what_is_held_for_its_turn_is_bounded_and_let_go_of(waiting: Waiting) -> None:
    early = waiting.followed.follower._early
    early._held_bytes = HELD_BYTES_MAX - 1
    waiting.save("os-1-1/a.c", b"1")
    waiting.save("os-1-1/a.c", b"2")
    assert waiting.read == 1
    assert early._held_bytes == HELD_BYTES_MAX
    waiting.follow()
    assert early._held_bytes == 0
    assert not early.readings


@pytest.mark.parametrize("path", ["os-1-1/a.txt", "os-1-1/node_modules/a.c", "os-1-1/new/a.c"])
def test_what_is_not_wanted_or_not_known_yet_is_not_read_ahead(waiting: Waiting, path: str) -> None:
    (waiting.root / path).parent.mkdir(exist_ok=True)
    if "node_modules" in path:
        waiting.followed.hear(CREATED | OF_FOLDER, str(Path(path).parent))
    waiting.save(path, b"1")
    assert waiting.read == 0


def test_a_file_of_several_names_is_not_read_ahead(waiting: Waiting) -> None:
    (waiting.root / "outside.txt").hardlink_to(waiting.root / "os-1-1/a.c")
    waiting.save("os-1-1/a.c", b"secret")
    assert waiting.read == 0


def test_what_its_writer_is_at_again_is_not_taken_for_a_save(waiting: Waiting) -> None:
    waiting.followed.disk.writing = True
    waiting.save("os-1-1/a.c", b"half")
    assert waiting.read == 0


def test_nothing_older_is_told_after_a_look_that_came_before_its_turn(waiting: Waiting) -> None:
    waiting.followed.hear(MODIFIED, "os-1-1/a.c")
    waiting.save("os-1-1/a.c", b"1")
    (waiting.root / "os-1-1/a.c").write_bytes(b"2")
    waiting.followed.wait(2)
    assert waiting.followed.told() == ["held_open os-1-1/a.c 2"]
    assert [fact for fact in waiting.follow() if fact.endswith(" 1")] == []
