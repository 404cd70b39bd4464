import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from jcode_watcher.analytics.access.control import open_control
from jcode_watcher.analytics.access.tokens import first_tokens, grants, hashed
from jcode_watcher.analytics.errors import CannotServe


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Engine]:
    engine = open_control(tmp_path / "control.sqlite3")
    yield engine
    engine.dispose()


def test_tokens_are_made_once(control: Engine, tmp_path: Path) -> None:
    made = first_tokens(control, tmp_path / "tokens", 1.0)
    assert set(made) == {"agent", "reader"}
    assert first_tokens(control, tmp_path / "tokens", 1.0) == {}
    assert {(g.sha256, g.role, g.node) for g in grants(control)} == {
        (hashed(token), role, None) for role, token in made.items()
    }
    for role, token in made.items():
        path = tmp_path / "tokens" / role
        assert path.read_text() == token + "\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_start_that_was_cut_short_leaves_tokens_that_work(control: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir()
    (folder / "agent").write_text("a" * 43 + "\n")
    (folder / "reader.part").write_text("half")
    assert first_tokens(control, folder, 1.0)["agent"] == "a" * 43
    assert len(grants(control)) == 2


@pytest.mark.parametrize("content", ["", "short", "with space " * 9, "x" * 600])
def test_a_file_that_holds_no_token_is_refused(control: Engine, tmp_path: Path, content: str) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir()
    (folder / "agent").write_text(content)
    with pytest.raises(CannotServe, match="not a token"):
        first_tokens(control, folder, 1.0)
    assert grants(control) == []


def test_nobody_is_told_to_remove_a_control_file_that_only_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "control.sqlite3").mkdir()
    with pytest.raises(CannotServe, match="let the service write there"):
        open_control(tmp_path / "control.sqlite3")


def test_a_broken_control_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "control.sqlite3").write_text("no database at all, but long enough to look at " * 99)
    with pytest.raises(CannotServe, match="restore it"):
        open_control(tmp_path / "control.sqlite3")
