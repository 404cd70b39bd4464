"""A spool damaged at any place: the next start finds it, sets it aside, and begins anew."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.reporting.draft import Draft, FileChange
from jcode_watcher.agent.reporting.statements import damaged
from jcode_watcher.agent.spool import KnownFiles, connect, set_aside_damaged
from jcode_watcher.agent.spool import damage as damage_room
from jcode_watcher.events import nanoseconds
from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.filemon.facts import FileState

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Stores

AT = 1_750_000_000_000_000_000
STATE = FileState(b"\x00h", 3, 1, 2, "c" * 64)
NAME = "spool.sqlite3"
ASIDE = "spool.sqlite3.damaged"
PAGE_BYTES = 4096
GARBAGE = bytes(range(256)) * (PAGE_BYTES // 256)


def draft(number: int) -> Draft:
    body = FileSaved(path=f"{number}.c", size=3, content="x" * 3_000, how="closed")
    return Draft(AT + number, None, body, (FileChange(b"/r", b"%d.c" % number, STATE),))


@pytest.fixture
def spool(stores: "Stores", tmp_path: Path) -> Path:
    """A spool as a killed agent leaves it, all of it in its file."""
    store = stores.open()
    store.spool.keep([draft(number) for number in range(100)], AT + 1_000)
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = tmp_path / "state"
    folder.mkdir()
    shutil.copy(tmp_path / NAME, folder / NAME)
    return folder


def garble_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // PAGE_BYTES * PAGE_BYTES)
        file.write(GARBAGE)


def garble_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(GARBAGE)


def halve(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def garble_each_tree(path: Path) -> None:
    with sqlite3.connect(path) as database:
        pages = [page for (page,) in database.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage")]
    database.close()
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE_BYTES)
            file.write(GARBAGE)


def replace_by_text(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1_000)


Harm = Callable[[Path], None]
HARMS: tuple[Harm, ...] = (garble_middle, garble_head, halve, garble_each_tree, replace_by_text)


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_spool_is_set_aside_and_a_new_one_is_whole(spool: Path, harm: Harm) -> None:
    harm(spool / NAME)

    assert set_aside_damaged(spool) is not None

    database = connect(spool, 1 << 24)
    assert database.execute("SELECT COUNT(*) FROM events").fetchone() == (0,)
    assert list(KnownFiles(database).below(b"/r")) == []
    database.close()
    assert (spool / ASIDE).stat().st_mode & 0o077 == 0
    assert set_aside_damaged(spool) is None


def test_a_spool_that_is_well_stays_as_it_is(spool: Path) -> None:
    before = (spool / NAME).read_bytes()

    assert set_aside_damaged(spool) is None

    assert (spool / NAME).read_bytes() == before
    assert not (spool / ASIDE).exists()


def test_where_there_is_none_none_is_made(tmp_path: Path) -> None:
    assert set_aside_damaged(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_does_not_fit_its_table_is_damage_too(spool: Path) -> None:
    database = connect(spool, 1 << 24)
    database.execute("INSERT INTO due (position, id, student) VALUES (1, 'a1.1', 'somebody')")
    database.close()
    content = (spool / NAME).read_bytes()
    assert content.count(b"somebody") == 2
    (spool / NAME).write_bytes(content.replace(b"somebody", b"samebody", 1))

    assert set_aside_damaged(spool) is not None


def test_a_held_event_that_is_no_json_any_more_is_damage_too(spool: Path) -> None:
    database = connect(spool, 1 << 24)
    database.execute("INSERT INTO held (id, bytes, json) VALUES ('a1.1', 18, ?)", (b'{"subject": "mark"}',))
    database.close()
    content = (spool / NAME).read_bytes()
    (spool / NAME).write_bytes(content.replace(b'{"subject": "mark"}', b'{"subject": !mark"}'))

    assert set_aside_damaged(spool) is not None


def test_the_spool_of_another_version_is_never_set_aside(spool: Path) -> None:
    database = sqlite3.connect(spool / NAME)
    database.execute("PRAGMA user_version=99")
    database.close()
    garble_middle(spool / NAME)

    assert set_aside_damaged(spool) is None
    assert not (spool / ASIDE).exists()


def test_a_spool_that_only_cannot_be_opened_is_never_set_aside(spool: Path) -> None:
    (spool / f"{NAME}-wal").mkdir()

    assert set_aside_damaged(spool) is None
    assert not (spool / ASIDE).exists()


def test_one_damaged_spool_is_kept_at_most(spool: Path) -> None:
    garble_middle(spool / NAME)
    set_aside_damaged(spool)
    (spool / f"{ASIDE}-wal").touch()
    replace_by_text(spool / NAME)
    text = (spool / NAME).read_bytes()

    set_aside_damaged(spool)

    assert [path.name for path in spool.iterdir()] == [ASIDE]
    assert (spool / ASIDE).read_bytes() == text


def test_where_the_disk_has_no_room_for_a_second_the_damaged_one_goes(
    spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    garble_middle(spool / NAME)
    monkeypatch.setattr(damage_room, "free_bytes", lambda _: 100)

    assert set_aside_damaged(spool) is not None
    assert list(spool.iterdir()) == []


def test_the_gap_begins_with_the_first_event_that_is_lost_where_that_can_be_read(spool: Path) -> None:
    garble_middle(spool / NAME)

    damage = set_aside_damaged(spool)

    assert damage is not None
    assert damage.since_ns == AT


def test_the_gap_begins_when_the_file_was_last_written_where_nothing_can_be_read(spool: Path) -> None:
    replace_by_text(spool / NAME)
    written_ns = (spool / NAME).stat().st_mtime_ns

    damage = set_aside_damaged(spool)

    assert damage is not None
    assert damage.since_ns == written_ns
    body = damaged(damage, written_ns + 1_000_000).body
    assert isinstance(body, MonitorGap)
    assert (body.stage, body.reason, body.count) == ("spool", "spool_damaged", None)
    assert nanoseconds(body.since) <= written_ns < nanoseconds(body.until)


def test_a_file_whose_state_is_damaged_is_not_known(stores: "Stores") -> None:
    store = stores.open()
    store.spool.keep([draft(1), draft(2)], AT)
    store.database.execute("UPDATE files SET state = x'00ff' WHERE path = ?", (b"1.c",))

    known = KnownFiles(store.database)

    assert list(known.below(b"/r")) == [(b"2.c", STATE)]
    assert known.state(b"/r", b"1.c") is None
