"""A server that does not answer takes nothing away: no monitor ends, and no file is told as deleted."""

import threading
import time
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import FileMonitor, Missed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.nfs.conftest import Server
    from tests.kernel.filemon.watched import Watched

    from jcode_watcher.filemon import Mode

pytestmark = pytest.mark.kernel
MODES = ("descriptors", "inotify", "rescan")
OFTEN_SECONDS = 0.3
AWAY_SECONDS = 7.0
"""A client asks anew what it has known for 3 s; what then takes another 3 s is told as late."""
FLICKER_SECONDS = 0.02
PATIENCE_SECONDS = 120.0
FILES = 40


def fill_and_start(watched: "Watched", mode: "Mode", every_seconds: float = OFTEN_SECONDS) -> FileMonitor:
    for number in range(FILES):
        folder = watched.root / f"d{number % 4}" / "e"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.c").write_bytes(b"%d" % number)
    monitor = watched.start(mode=mode, rescan_seconds=every_seconds, compare_seconds=every_seconds)
    watched.settle()
    watched.facts.clear()
    return monitor


def assert_only_told(watched: "Watched", *others: str) -> None:
    """Nothing is told but this, in whatever order, and a save that is made now."""
    (watched.root / "d1" / "e" / "1.c").write_bytes(b"after")
    saved = watched.saved("d1/e/1.c", b"after")
    watched.settle()
    watched.stop()
    assert sorted(watched.told()) == sorted([*others, f"{saved.how} d1/e/1.c b'after'"])


@pytest.mark.parametrize("mode", MODES)
def test_a_restart_of_the_server_is_waited_for(
    new_watched: "Callable[[], Watched]", server: "Server", mode: "Mode"
) -> None:
    watched = new_watched()
    fill_and_start(watched, mode)
    server("stop")
    writer = threading.Thread(target=(watched.root / "late.c").write_bytes, args=(b"late",))
    writer.start()
    writer.join(AWAY_SECONDS)
    server("start")
    writer.join()
    saved = watched.saved("late.c", b"late")
    assert_only_told(watched, "missed late", f"{saved.how} late.c b'late'")


@pytest.mark.parametrize("mode", MODES)
def test_where_calls_fail_while_the_server_is_away_nothing_is_told_as_deleted(
    new_watched_softly: "Callable[[], Watched]", server: "Server", mode: "Mode"
) -> None:
    watched = new_watched_softly()
    monitor = fill_and_start(watched, mode)
    server("stop")
    wait_for_unanswered(monitor)
    server("start")
    wait_for_scan(monitor)
    assert_only_told(watched, "missed no_answer")


@pytest.mark.parametrize("mode", MODES)
def test_where_the_export_is_withdrawn_nothing_is_told_as_deleted(
    new_watched: "Callable[[], Watched]", server: "Server", mode: "Mode"
) -> None:
    watched = new_watched()
    monitor = fill_and_start(watched, mode)
    server("withdraw")
    wait_for_unanswered(monitor)
    server("stop")
    server("start")
    wait_for_scan(monitor)
    assert_only_told(watched, "missed no_answer")


@pytest.mark.parametrize("mode", MODES)
def test_where_the_export_comes_and_goes_nothing_is_told_as_deleted(
    new_watched_softly: "Callable[[], Watched]", server: "Server", mode: "Mode"
) -> None:
    watched = new_watched_softly()
    monitor = fill_and_start(watched, mode, every_seconds=FLICKER_SECONDS)
    server("flicker")
    wait_for_scan(monitor)
    assert [fact for fact in watched.facts if not isinstance(fact, Missed)] == []


def wait_for_unanswered(monitor: FileMonitor) -> None:
    wait_until(lambda: monitor.counters().unanswered > 0, monitor)


def wait_for_scan(monitor: FileMonitor) -> None:
    before = monitor.counters().scans
    wait_until(lambda: monitor.counters().scans >= before + 2 and monitor.resting, monitor)


def wait_until(true: "Callable[[], bool]", monitor: FileMonitor) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert monitor.failure is None, monitor.failure
        if true():
            return
        time.sleep(0.01)
    pytest.fail(f"not so within {PATIENCE_SECONDS} s: {monitor.counters()}")
