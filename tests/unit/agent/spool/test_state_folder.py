"""Who may have the state folder, and what is refused there."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from jcode_watcher.agent.errors import StateUnusable
from jcode_watcher.agent.spool import Level, Spool, begin, connect, lock_state, set_aside_damaged
from jcode_watcher.agent.spool.database import folder_of


def test_only_one_agent_at_a_time_has_a_state_folder(tmp_path: Path) -> None:
    with lock_state(tmp_path / "state"), pytest.raises(StateUnusable, match="another agent uses it"):
        lock_state(tmp_path / "state")
    lock_state(tmp_path / "state").close()


def test_a_state_folder_that_cannot_be_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateUnusable, match="give a folder that can be written"):
        lock_state(tmp_path / "file" / "state")


def test_the_path_of_a_state_folder_need_be_no_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff")
    with lock_state(folder), closing(connect(folder, 1 << 20)) as database:
        assert folder_of(database) == folder


def test_nobody_is_told_to_give_up_a_spool_that_only_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite3-wal").mkdir()
    with pytest.raises(StateUnusable, match="free its disk, or let the agent write there"):
        connect(tmp_path, 1 << 20)


def test_a_file_that_is_no_spool_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite3").write_bytes(b"no database at all" * 1_000)
    with pytest.raises(StateUnusable, match="move the file away"):
        connect(tmp_path, 1 << 20)


def test_a_folder_in_the_place_of_the_spool_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite3").mkdir()
    assert set_aside_damaged(tmp_path) is None
    with pytest.raises(StateUnusable, match=r"spool\.sqlite3: a folder, .*; move it away"):
        connect(tmp_path, 1 << 20)


def test_a_pipe_in_the_place_of_the_spool_is_refused_and_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "spool.sqlite3")
    assert set_aside_damaged(tmp_path) is None
    with pytest.raises(StateUnusable, match=r"spool\.sqlite3: no regular file, .*; move it away"):
        connect(tmp_path, 1 << 20)


def test_a_spool_of_a_later_version_is_refused(tmp_path: Path) -> None:
    database = connect(tmp_path, 1 << 20)
    database.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(StateUnusable, match="another version"):
        connect(tmp_path, 1 << 20)


def test_nobody_else_may_read_students_code(tmp_path: Path) -> None:
    lock_state(tmp_path / "state").close()
    database = connect(tmp_path / "state", 1 << 20)
    begin(database, "a1", 1)
    Spool(database, "a1", "n1", Level(database))
    database.close()

    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    for path in (tmp_path / "state").iterdir():
        assert path.name == "lock" or path.stat().st_mode & 0o077 == 0
