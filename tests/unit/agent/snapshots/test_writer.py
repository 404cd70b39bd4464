"""The writer's thread with a real spool before it and a real tree behind it."""

import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.snapshots import names
from jcode_watcher.agent.snapshots.layout import is_due, place_of
from jcode_watcher.agent.snapshots.tree import Tree
from jcode_watcher.agent.snapshots.writer import SnapshotWriter
from jcode_watcher.agent.spool import Due, connect
from jcode_watcher.events import Subject
from jcode_watcher.events.file import FileDeleted, FileMoved, FileSaved

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

ME = Subject(course="os", section="1", student="7", assignment="hw1")
AT = 1_735_732_861_000_000_000
SECOND = 1_000_000_000
SECONDS_MAX = 20.0
MIB = 1 << 20


def saved(path: str, content: str, after_seconds: float = 0.0, *, encoding: str = "utf-8") -> Draft:
    body = FileSaved(path=path, size=len(content), content=content, encoding=encoding, how="closed")  # type: ignore[arg-type]
    return Draft(AT + int(after_seconds * SECOND), ME, body)


class Desk:
    """Keeps events, and lets writers come and go."""

    def __init__(self, folder: Path, stores: "Stores") -> None:
        self.base = folder / "base"
        self._folder = folder
        self.due = Due(is_due)
        self.store: Store = stores.open(bytes_max=8 * MIB, due=self.due)
        self.writers: list[SnapshotWriter] = []

    def begin(self, free_bytes_min: int = 0) -> SnapshotWriter:
        writer = SnapshotWriter(
            Tree(self.base, "n1"),
            self.due,
            connect(self._folder, 8 * MIB),
            free_bytes_min,
            Backoff(0.05, lambda: 0.0),
        )
        self.writers.append(writer)
        writer.start()
        return writer

    def keep(self, *drafts: Draft) -> None:
        self.store.spool.keep(drafts, AT)
        for writer in self.writers:
            writer.wake()

    def tree(self) -> dict[str, bytes]:
        """Give every version by its path in the tree."""
        found = (path for path in sorted(self.base.rglob("*")) if path.is_file())
        named = ((path.relative_to(self.base), path) for path in found)
        return {str(name): path.read_bytes() for name, path in named if name.parts[0] != ".jcode-watcher"}

    def begun(self) -> list[Path]:
        return list(self.base.glob(".jcode-watcher/*/*"))


def wait_for(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def desk(tmp_path: Path, stores: "Stores") -> Iterator[Desk]:
    desk = Desk(tmp_path, stores)
    desk.base.mkdir()
    yield desk
    for writer in desk.writers:
        writer.stop()
        writer.close()


def test_what_is_kept_is_in_the_tree_and_then_nothing_is_remembered_of_it(desk: Desk) -> None:
    writer = desk.begin()
    desk.keep(saved("src/a.c", "int main;"), saved("b.c", "AP8=", encoding="base64"))
    wait_for(lambda: writer.written == 2)
    writer.stop()

    assert desk.tree() == {
        "os-1/hw1/7/src@a.c/20250101_120101.c": b"int main;",
        "os-1/hw1/7/b.c/20250101_120101.c": b"\0\xff",
    }
    assert (writer.written_bytes, writer.trouble, writer.failed) == (11, None, {})
    assert desk.begun() == []
    assert desk.due.waiting(desk.store.database, 10) == []


def test_a_file_that_is_gone_has_an_empty_version_last(desk: Desk) -> None:
    writer = desk.begin()
    desk.keep(saved("a.c", "x"), Draft(AT + SECOND, ME, FileDeleted(path="a.c")))
    wait_for(lambda: writer.written == 2)

    folder = "os-1/hw1/7/a.c/"
    assert desk.tree() == {folder + "20250101_120101.c": b"x", folder + "20250101_120102.c": b""}


def moved(content: str, after_seconds: int = 2) -> Draft:
    digest = sha256(content.encode()).hexdigest()
    return Draft(AT + after_seconds * SECOND, ME, FileMoved(path="a.c", destination="d/b.c", sha256=digest))


def test_a_move_takes_the_newest_version_along(desk: Desk) -> None:
    writer = desk.begin()
    desk.keep(saved("a.c", "old"), saved("a.c", "new", 1), moved("new"))
    wait_for(lambda: writer.written == 3)
    writer.stop()

    assert desk.tree() == {
        "os-1/hw1/7/a.c/20250101_120101.c": b"old",
        "os-1/hw1/7/a.c/20250101_120102.c": b"new",
        "os-1/hw1/7/a.c/20250101_120103.c": b"",
        "os-1/hw1/7/d@b.c/20250101_120103.c": b"new",
    }
    assert desk.begun() == []


def test_a_move_of_what_the_tree_lacks_is_counted(desk: Desk) -> None:
    writer = desk.begin()
    desk.keep(saved("a.c", "old"), moved("never seen"))
    wait_for(lambda: writer.failed["not_in_tree"] == 1)

    assert desk.tree() == {
        "os-1/hw1/7/a.c/20250101_120101.c": b"old",
        "os-1/hw1/7/a.c/20250101_120103.c": b"",
    }


def test_where_the_base_is_absent_all_waits_and_that_is_said_once(desk: Desk) -> None:
    desk.base.rmdir()
    with capture_logs() as said:
        writer = desk.begin()
        for number in range(5):
            desk.keep(saved(f"{number}.c", "x"))
            wait_for(lambda before=writer.retries["absent"]: writer.retries["absent"] > before)  # type: ignore[misc]
        assert (writer.waiting, writer.written) == (5, 0)
        desk.base.mkdir()
        wait_for(lambda: writer.written == 5 and writer.trouble is None)

    assert [line["event"] for line in said] == ["snapshots have to wait", "snapshots are written again"]
    assert str(desk.base) in said[0]["detail"]
    assert len(desk.tree()) == 5


def test_nothing_is_stuck_once_the_base_is_back(desk: Desk) -> None:
    desk.base.rmdir()
    writer = desk.begin()
    assert not writer.stuck
    desk.keep(saved("a.c", "x"))
    wait_for(lambda: writer.stuck)
    desk.base.mkdir()
    wait_for(lambda: writer.written == 1 and not writer.stuck)


def test_nothing_is_stuck_where_nothing_waits(desk: Desk) -> None:
    desk.base.rmdir()
    writer = desk.begin()
    desk.keep(saved("a.c", "x" * 2 * MIB))
    wait_for(lambda: writer.stuck)
    # It is delivered, and too long to be held.
    desk.store.outbox.settle(desk.store.outbox.oldest(9, 9 * MIB), {})
    wait_for(lambda: not writer.stuck)

    assert (desk.due.lost, writer.written) == (1, 0)


def test_what_was_delivered_meanwhile_is_written_when_the_base_is_back(desk: Desk) -> None:
    desk.base.rmdir()
    writer = desk.begin()
    desk.keep(*(saved(f"{number}.c", "x") for number in range(5)))
    desk.store.outbox.settle(desk.store.outbox.oldest(9, MIB), {})
    desk.base.mkdir()
    wait_for(lambda: writer.written == 5)

    assert (desk.store.level.events, len(desk.tree())) == (0, 5)


def test_the_room_that_is_to_be_left_is_left_and_delivery_is_not_held_up(desk: Desk) -> None:
    writer = desk.begin(1 << 60)
    desk.keep(*(saved(f"{number}.c", "x" * 300_000) for number in range(5)))
    wait_for(lambda: writer.retries["no_space"])
    desk.store.outbox.settle(desk.store.outbox.oldest(9, 9 * MIB), {})

    assert (desk.store.level.events, desk.tree()) == (0, {})
    assert desk.due.lost == 2


def test_one_version_that_cannot_be_written_holds_up_no_other(desk: Desk) -> None:
    (desk.base / "os-1/hw1/7").mkdir(parents=True)
    (desk.base / "os-1/hw1/7/a.c").symlink_to("/etc")
    writer = desk.begin()
    desk.keep(saved("a.c", "1"), saved("b.c", "2"), saved("a.c", "3"))
    wait_for(lambda: writer.failed["not_a_folder"] == 2 and writer.written == 1)
    writer.stop()

    assert desk.tree() == {"os-1/hw1/7/b.c/20250101_120101.c": b"2"}
    assert desk.due.waiting(desk.store.database, 10) == []


STORM = 9
FREE = 3
"""Names of one second, in a storm."""


@pytest.mark.parametrize(
    ("last", "newest"),
    [
        (saved("a.c", "last"), {"a.c": b"last"}),
        (Draft(AT, ME, FileDeleted(path="a.c")), {"a.c": b""}),
        (moved(str(STORM - 1), 0), {"a.c": b"", "d@b.c": b"8"}),
    ],
)
def test_the_last_state_of_a_storm_has_the_newest_name_and_what_lost_its_name_is_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, last: Draft, newest: dict[str, bytes]
) -> None:
    monkeypatch.setattr(names, "LATER_SECONDS_MAX", FREE)
    with capture_logs() as said:
        writer = desk.begin()
        desk.keep(*(saved("a.c", str(number)) for number in range(STORM)), last)
        wait_for(lambda: writer.written == STORM + 1)
        writer.stop()

    tree = desk.tree()
    assert {path.split("/")[-2]: tree[path] for path in sorted(tree)} == newest
    assert len(tree) == FREE - 1 + len(newest)
    assert writer.failed == {"too_many": STORM + 1 - FREE}
    (line,) = said
    assert (line["reason"], line["detail"].partition(":")[0]) == ("too_many", "os-1/hw1/7/a.c")


def test_a_writer_that_comes_after_a_kill_writes_nothing_twice_and_tidies_up(desk: Desk) -> None:
    desk.keep(*(saved("a.c", str(number)) for number in range(3)))
    place = place_of(ME, "a.c")
    with Tree(desk.base, "n1").opened(0) as tree:
        tree.write(b"a0.9", place, AT, b"of a start before, and let go")
        tree.write(b"a1.1", place, AT, b"0")
    writer = desk.begin()
    wait_for(lambda: writer.written == 3)
    writer.stop()

    assert list(desk.tree().values()) == [b"of a start before, and let go", b"0", b"1", b"2"]
    assert desk.begun() == []


@pytest.mark.parametrize("begun", [(), (b"a1.3.to",), (b"a1.3.to", b"a1.3")])
def test_a_move_that_a_kill_cut_short_is_finished_and_not_done_twice(
    desk: Desk, begun: tuple[bytes, ...]
) -> None:
    contents = {b"a1.3.to": ("d/b.c", b"new"), b"a1.3": ("a.c", b"")}
    with Tree(desk.base, "n1").opened(0) as tree:
        tree.write(b"a0.8", place_of(ME, "a.c"), AT, b"new")
        for key in begun:
            path, content = contents[key]
            tree.write(key, place_of(ME, path), AT + 2 * SECOND, content)
    desk.keep(saved("other.c", "1"), saved("other.c", "2", 1), moved("new"))
    writer = desk.begin()
    wait_for(lambda: writer.written == 3)
    writer.stop()

    assert {path: content for path, content in desk.tree().items() if "other" not in path} == {
        "os-1/hw1/7/a.c/20250101_120101.c": b"new",
        "os-1/hw1/7/a.c/20250101_120103.c": b"",
        "os-1/hw1/7/d@b.c/20250101_120103.c": b"new",
    }
    assert (desk.begun(), writer.failed) == ([], {})
