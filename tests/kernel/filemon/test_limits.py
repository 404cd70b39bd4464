"""Bursts, slow receivers, several monitors, and what refuses."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.filemon.watched import PATIENCE_SECONDS

from jcode_watcher.filemon import (
    CannotWatch,
    Fact,
    FileMonitor,
    Missed,
    ModeNotAvailable,
    NoFileHandles,
    NoSuchRoot,
    NotPrivileged,
    Saved,
)
from jcode_watcher.filemon.outbox import BATCH_FACTS_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.kernel.filemon.watched import Watched

    from jcode_watcher.filemon import Mode

pytestmark = pytest.mark.kernel
STORM_SECONDS = 3
STORM = """
import sys, time
until, saved = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < until:
    with open(sys.argv[1], "wb") as file:
        file.write(b"%d" % saved)
    saved += 1
"""


def test_a_burst_of_ten_thousand_files_loses_none(watched: "Watched") -> None:
    watched.start()
    for d in range(20):
        (watched.root / f"b{d}" / "x").mkdir(parents=True)
        for i in range(500):
            (watched.root / f"b{d}" / "x" / f"{i}.c").write_bytes(b"%d %d" % (d, i))
    watched.settle()
    assert len(watched.told()) == 10_000
    assert watched.kept() == watched.on_disk()


def test_in_a_storm_on_one_file_fifty_versions_a_second_are_kept_and_the_last_always(
    new_watched: "Callable[[], Watched]",
) -> None:
    for _ in range(3):  # the machine itself may stall
        watched = new_watched()
        monitor = watched.start()
        subprocess.run([sys.executable, "-c", STORM, watched.root / "a.c", str(STORM_SECONDS)], check=True)
        last = (watched.root / "a.c").read_bytes()
        watched.saved("a.c", last)
        watched.settle()
        kept = [f for f in watched.facts if isinstance(f, Saved) and f.path == b"a.c"]
        assert kept[-1].sha256 == hashlib.sha256(last).hexdigest()
        if len(kept) >= 50 * STORM_SECONDS and monitor.counters().passed_over:
            assert any(isinstance(f, Missed) and f.reason == "save_storm" and f.count for f in watched.facts)
            return
    pytest.fail(f"{len(kept)} versions kept in {STORM_SECONDS} s; {monitor.counters()}")


def test_a_slow_receiver_loses_nothing_and_bounds_what_is_held_here(
    watched: "Watched", monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    deliver = watched.deliver
    handed_over: list[int] = []

    def blocked(facts: "Sequence[Fact]") -> None:
        handed_over.append(len(facts))
        go_on.wait(60)
        deliver(facts)

    monkeypatch.setattr(watched, "deliver", blocked)
    monitor = watched.start()
    for i in range(3000):
        (watched.root / f"{i}.c").write_bytes(b"%d" % i)
    go_on.set()
    watched.settle()
    assert len(watched.told()) == 3000
    assert max(handed_over) <= BATCH_FACTS_MAX
    assert sum(handed_over) == monitor.counters().delivered


def test_what_a_receiver_raises_ends_the_monitor_and_is_kept(watched: "Watched") -> None:
    raised = threading.Event()

    def failing(_: object) -> None:
        raised.set()
        raise ValueError("full")

    monitor = FileMonitor(watched.root, failing, wants=lambda p: p.endswith(b".c"), prunes=lambda _: False)
    monitor.start()
    (watched.root / "a.c").write_bytes(b"1")
    assert raised.wait(10)
    (watched.root / "b.c").write_bytes(b"1")
    monitor.stop()
    monitor.stop()
    assert isinstance(monitor.failure, ValueError)


@pytest.mark.parametrize("mode", ["handles", "inotify", "rescan"])
def test_a_root_that_is_removed_and_made_again_ends_the_monitor_instead_of_silence(
    watched: "Watched", mode: "Mode", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jcode_watcher.filemon.rooted.LOOK_SECONDS", 0.05)
    monitor = watched.start(mode=mode, rescan_seconds=0.1)
    (watched.root / "a.c").write_bytes(b"1")
    watched.saved("a.c", b"1")
    shutil.rmtree(watched.root)
    watched.root.mkdir()
    until = time.monotonic() + PATIENCE_SECONDS
    while monitor.failure is None and time.monotonic() < until:
        time.sleep(0.01)
    monitor.stop()
    assert isinstance(monitor.failure, NoSuchRoot)
    assert str(watched.root) in str(monitor.failure)
    watched.start(watched.known().items(), mode=mode, rescan_seconds=0.1)
    (watched.root / "b.c").write_bytes(b"2")
    watched.saved("b.c", b"2")
    watched.settle()
    assert watched.kept() == watched.on_disk()


def test_monitors_of_one_file_system_each_tell_their_own(new_watched: "Callable[[], Watched]") -> None:
    one, other = new_watched(), new_watched()
    one.start()
    other.start()
    (one.root / "a.c").write_bytes(b"1")
    (other.root / "b.c").write_bytes(b"2")
    (one.root / "a.c").rename(other.root / "c.c")
    one.settle()
    other.settle()
    assert one.told()[-1] == "moved_out a.c"
    assert sorted(other.told()) == ["closed b.c b'2'", "moved_in c.c b'1'"]


def test_a_root_that_is_a_symbolic_link_is_resolved(watched: "Watched") -> None:
    link = watched.outside / "link"
    link.symlink_to(watched.root)
    real, watched.root = watched.root, link
    watched.start()
    (real / "a.c").write_bytes(b"1")
    watched.settle()
    assert watched.told() == ["closed a.c b'1'"]


def test_what_happens_outside_costs_one_look_up(watched: "Watched") -> None:
    monitor = watched.start()
    for i in range(1000):
        (watched.outside / "x.c").write_bytes(b"%d" % i)
    watched.settle()
    assert monitor.counters().outside >= 1
    assert watched.told() == []


def test_stopping_tells_what_was_heard(watched: "Watched") -> None:
    watched.start()
    for i in range(500):
        (watched.root / f"{i}.c").write_bytes(b"%d" % i)
    watched.stop()
    assert len(watched.told()) == 500


def test_a_second_stop_and_an_early_stop_do_nothing(watched: "Watched") -> None:
    monitor = watched.start()
    monitor.stop()
    monitor.stop()
    assert monitor.counters().scanning in (0, 1)
    never = FileMonitor(watched.root, print, wants=lambda _: True, prunes=lambda _: False)
    never.stop()
    assert never.counters().heard == 0


@pytest.mark.parametrize(
    ("root", "error", "says"),
    [
        ("missing", NoSuchRoot, "does not exist"),
        ("file", NoSuchRoot, "is no folder"),
        ("/proc", NoFileHandles, "proc"),
    ],
)
def test_a_root_that_cannot_be_watched_is_refused_in_one_line(
    tmp_path: Path, root: str, error: type[CannotWatch], says: str
) -> None:
    (tmp_path / "file").touch()
    monitor = FileMonitor(tmp_path / root, print, wants=lambda _: True, prunes=lambda _: False)
    with pytest.raises(error, match=says) as refused:
        monitor.start()
    assert "\n" not in str(refused.value)


def test_a_mode_that_is_not_built_in_is_refused_in_one_line(tmp_path: Path) -> None:
    mode: Any = "guessing"
    monitor = FileMonitor(tmp_path, print, wants=lambda _: True, prunes=lambda _: False, mode=mode)
    with pytest.raises(ModeNotAvailable, match=r"'guessing' is not available .* available: auto, handles"):
        monitor.start()


@pytest.mark.parametrize(
    ("capability", "says"), [("sys_admin", "CAP_SYS_ADMIN"), ("dac_read_search", "CAP_DAC_READ_SEARCH")]
)
def test_a_missing_capability_is_named(watched: "Watched", capability: str, says: str) -> None:
    program = (
        "import pathlib, sys; from jcode_watcher.filemon import FileMonitor\n"
        "FileMonitor(pathlib.Path(sys.argv[1]), print, wants=bool, prunes=bool, mode='handles').start()"
    )
    done = subprocess.run(
        ["setpriv", f"--bounding-set=-{capability}", sys.executable, "-c", program, watched.root],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert NotPrivileged.__name__ in done.stderr.decode()
    assert says in done.stderr.decode()


def test_the_pid_is_that_of_the_writer(watched: "Watched") -> None:
    watched.start()
    with subprocess.Popen(
        ["dd", "if=/dev/zero", "of=a.c", "bs=1", "count=3", "status=none"], cwd=watched.root
    ) as dd:
        dd.wait()
    watched.settle()
    (saved,) = (f for f in watched.facts if isinstance(f, Saved) and f.path == b"a.c")
    assert saved.pid == dd.pid
