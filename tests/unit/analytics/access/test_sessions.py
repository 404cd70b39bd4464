from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from jcode_watcher.analytics.access import sessions as sessions_module
from jcode_watcher.analytics.access.control import open_control
from jcode_watcher.analytics.access.sessions import Sessions


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Engine]:
    engine = open_control(tmp_path / "control.sqlite3")
    yield engine
    engine.dispose()


def test_a_session_holds_until_its_end(control: Engine) -> None:
    sessions = Sessions(control, now=0)
    value = sessions.begin(now=100, seconds=10)
    assert sessions.holds(value, now=109.9)
    assert not sessions.holds(value, now=110)
    assert not sessions.holds("another", now=100)
    assert not sessions.holds("", now=100)


def test_a_session_is_known_after_a_restart_and_not_after_its_end(control: Engine) -> None:
    value = Sessions(control, now=0).begin(now=100, seconds=10)
    assert Sessions(control, now=105).holds(value, now=105)
    assert not Sessions(control, now=111).holds(value, now=105)


def test_a_signed_out_browser_stays_out(control: Engine) -> None:
    sessions = Sessions(control, now=0)
    value = sessions.begin(now=0, seconds=10)
    sessions.end(value)
    sessions.end(value)
    assert not sessions.holds(value, now=1)
    assert not Sessions(control, now=1).holds(value, now=1)


def test_the_session_that_ends_soonest_makes_room(control: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions_module, "SESSIONS_MAX", 2)
    sessions = Sessions(control, now=0)
    values = [sessions.begin(now=start, seconds=10) for start in range(3)]
    assert [sessions.holds(value, now=5) for value in values] == [False, True, True]
    restarted = Sessions(control, now=5)
    assert [restarted.holds(value, now=5) for value in values] == [False, True, True]
