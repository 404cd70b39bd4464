"""What was kept last is gone from the spool, and SQLite finds no fault: the mark beside it tells."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.agent.spool.saves import AT, STATE, draft, numbers

from jcode_watcher.agent.spool import KnownFiles, begin, connect, set_aside_damaged
from jcode_watcher.agent.spool.mark import FILE_NAME as MARK
from jcode_watcher.agent.spool.starts import STARTS_KEPT

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

NAME = "spool.sqlite3"
LOG = f"{NAME}-wal"
ASIDE = f"{NAME}.damaged"
LOG_HEAD_BYTES = 32
FRAME_BYTES = 24 + 4096
FIRST, LAST = range(1, 9), range(9, 17)
"""Numbers and times of the events that are kept before and after the log is taken into the file."""


def keep(store: "Store", events: range) -> None:
    for number in events:
        assert not store.spool.keep([draft(number, "x" * 3_000)], AT + number)


def as_killed(store_folder: Path) -> Path:
    """Give a copy of what lies there now, as an agent that is killed leaves it."""
    left = store_folder / "left"
    left.mkdir()
    for name in (NAME, LOG, MARK):
        shutil.copy2(store_folder / name, left / name)
    return left


@pytest.fixture
def young(stores: "Stores", tmp_path: Path) -> Path:
    """A killed agent's spool of which all is in the log still."""
    keep(stores.open(), FIRST)
    return as_killed(tmp_path)


@pytest.fixture
def grown(stores: "Stores", tmp_path: Path) -> Path:
    """A killed agent's spool of which the first half is in the file."""
    store = stores.open()
    keep(store, FIRST)
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keep(store, LAST)
    return as_killed(tmp_path)


def change(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def change_byte(folder: Path) -> None:
    at = (folder / LOG).stat().st_size // FRAME_BYTES // 3 * FRAME_BYTES + LOG_HEAD_BYTES + 1_000
    before = (folder / LOG).read_bytes()[at]
    change(folder / LOG, at, bytes([before ^ 0xFF]))


def garble_pages(folder: Path) -> None:
    change(folder / LOG, 8_192, bytes(range(256)) * 48)


def garble_log_head(folder: Path) -> None:
    change(folder / LOG, 25, b"\xff\xff")


def cut_log(folder: Path) -> None:
    with (folder / LOG).open("r+b") as file:
        file.truncate((folder / LOG).stat().st_size // 3)


def empty_file(folder: Path) -> None:
    (folder / NAME).write_bytes(b"")
    (folder / LOG).unlink()


def lose_log(folder: Path) -> None:
    (folder / LOG).unlink()


def lose_all(folder: Path) -> None:
    (folder / NAME).unlink()
    (folder / LOG).unlink()


Harm = Callable[[Path], None]
OF_LOG: tuple[Harm, ...] = (change_byte, garble_pages, garble_log_head, cut_log, lose_log)
HARMS: tuple[Harm, ...] = (*OF_LOG, empty_file, lose_all)


@pytest.mark.parametrize("harm", HARMS)
def test_where_all_was_in_the_log_the_gap_covers_all(young: Path, harm: Harm) -> None:
    harm(young)

    damage = set_aside_damaged(young)

    assert damage is not None
    assert not damage.goes_on
    assert damage.since_ns <= AT + FIRST[0]
    database = connect(young, 1 << 24)
    assert database.execute("SELECT COUNT(*) FROM events").fetchone() == (0,)
    database.close()


@pytest.mark.parametrize("harm", OF_LOG)
def test_what_is_in_the_file_is_told_and_the_gap_begins_after_it(
    grown: Path, stores: "Stores", harm: Harm
) -> None:
    harm(grown)

    damage = set_aside_damaged(grown)

    assert damage is not None
    assert damage.goes_on
    left = numbers(type(stores)(grown, stores._stack).open("a2"))
    assert left == list(range(1, len(left) + 1))
    assert len(FIRST) <= len(left) < len(FIRST) + len(LAST)
    assert damage.since_ns == AT + len(left)
    assert not (grown / ASIDE).exists()


def test_where_the_file_was_emptied_the_gap_begins_with_the_first_event_that_waited(grown: Path) -> None:
    empty_file(grown)

    damage = set_aside_damaged(grown)

    assert damage is not None
    assert damage.since_ns == AT + FIRST[0]


def test_the_gap_begins_with_the_first_event_that_waited_also_where_nothing_can_be_read(
    grown: Path,
) -> None:
    (grown / NAME).write_bytes(b"no database at all" * 1_000)
    (grown / LOG).unlink()

    damage = set_aside_damaged(grown)

    assert damage is not None
    assert damage.since_ns == AT + FIRST[0]


def test_nothing_is_missing_after_a_kill_alone(young: Path) -> None:
    assert set_aside_damaged(young) is None


def test_a_mark_that_is_behind_says_nothing(stores: "Stores", tmp_path: Path) -> None:
    store = stores.open()
    keep(store, FIRST)
    older = (tmp_path / MARK).read_bytes()
    keep(store, LAST)
    (tmp_path / MARK).write_bytes(older)

    assert set_aside_damaged(as_killed(tmp_path)) is None


@pytest.mark.parametrize("content", [None, b"", b"\0" * 512, b"00000000 {}", b"x" * 5_000])
def test_without_a_mark_that_can_be_read_nothing_is_missing(grown: Path, content: bytes | None) -> None:
    lose_log(grown)
    (grown / MARK).unlink()
    if content is not None:
        (grown / MARK).write_bytes(content)

    assert set_aside_damaged(grown) is None


def test_a_mark_of_which_a_part_was_changed_is_none(grown: Path) -> None:
    lose_log(grown)
    content = (grown / MARK).read_bytes()
    (grown / MARK).write_bytes(content.replace(b'"seq":16', b'"seq":17'))

    assert set_aside_damaged(grown) is None


def test_a_loss_is_found_once(grown: Path, stores: "Stores") -> None:
    lose_log(grown)
    assert set_aside_damaged(grown) is not None

    type(stores)(grown, stores._stack).open("a2")

    assert set_aside_damaged(grown) is None


def test_what_was_delivered_is_no_loss(stores: "Stores", tmp_path: Path) -> None:
    store = stores.open()
    keep(store, FIRST)
    store.outbox.settle(store.outbox.oldest(100, 1 << 20), {})

    assert set_aside_damaged(as_killed(tmp_path)) is None


def test_a_version_that_writes_no_mark_may_have_been_there_since(grown: Path) -> None:
    database = connect(grown, 1 << 24)
    for number in range(STARTS_KEPT):
        begin(database, f"b{number}", AT + number)
    database.close()

    assert set_aside_damaged(grown) is None


def test_pages_that_were_never_there_together_are_set_aside(grown: Path) -> None:
    lose_log(grown)
    database = connect(grown, 1 << 24)
    database.execute("DELETE FROM events WHERE seq = 8")
    database.close()

    damage = set_aside_damaged(grown)

    assert damage is not None
    assert not damage.goes_on
    assert damage.since_ns == AT + FIRST[0]


def test_an_event_that_is_not_its_own_is_not_delivered(grown: Path) -> None:
    lose_log(grown)
    database = connect(grown, 1 << 24)
    database.execute("UPDATE events SET json = (SELECT json FROM events WHERE seq = 2) WHERE seq = 3")
    database.close()

    damage = set_aside_damaged(grown)

    assert damage is not None
    assert not damage.goes_on


def test_of_files_that_are_doubted_the_paths_are_known_and_each_differs(stores: "Stores") -> None:
    store = stores.open()
    keep(store, FIRST)

    files = KnownFiles(store.database)
    files.doubt()

    known = dict(files.below(b"/r"))
    assert sorted(known) == [b"%d.c" % number for number in FIRST]
    assert all(state.handle == STATE.handle for state in known.values())
    assert all(state.sha256 is None and state.ctime_ns != STATE.ctime_ns for state in known.values())
