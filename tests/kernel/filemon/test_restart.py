"""What happened while nobody looked is found, once; what was missed is said."""

import hashlib
import os
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Missed, Saved, fanotify
from jcode_watcher.filemon.modes import handles

if TYPE_CHECKING:
    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel


def test_a_first_start_tells_all_files_that_are_there(watched: "Watched") -> None:
    (watched.root / "d" / ".git").mkdir(parents=True)
    for path in ("a.c", "d/b.c", "d/notes.txt", "d/.git/x.c"):
        (watched.root / path).write_bytes(b"1")
    assert watched.start().wait_scanned(10) == 2
    watched.settle()
    assert sorted(watched.told()) == ["rescan a.c b'1'", "rescan d/b.c b'1'"]
    assert {f.pid for f in watched.facts if isinstance(f, Saved) and f.how == "rescan"} == {0}


def test_a_restart_tells_what_changed_meanwhile_and_nothing_else(watched: "Watched") -> None:
    watched.start()
    for name in ("same", "changed", "gone", "touched", "replaced"):
        (watched.root / f"{name}.c").write_bytes(b"1")
    (watched.root / "d").mkdir()
    (watched.root / "d" / "moved.c").write_bytes(b"1")
    (watched.root / "d").rename(watched.root / "e")
    watched.settle()
    watched.stop()
    known = watched.known()
    assert known.keys() == watched.on_disk().keys()
    watched.facts.clear()

    (watched.root / "changed.c").write_bytes(b"2")
    (watched.root / "gone.c").unlink()
    (watched.root / "new.c").write_bytes(b"3")
    os.utime(watched.root / "touched.c")
    (watched.root / "tmp").write_bytes(b"4")
    (watched.root / "tmp").rename(watched.root / "replaced.c")
    assert watched.start(known.items()).wait_scanned(10) == 4
    watched.settle()
    assert sorted(watched.told()) == [
        "rescan changed.c b'2'",
        "rescan gone.c",
        "rescan new.c b'3'",
        "rescan replaced.c b'4'",
    ]


def test_a_restart_with_nothing_changed_tells_nothing_and_reads_nothing(watched: "Watched") -> None:
    watched.start()
    for i in range(50):
        (watched.root / f"{i}.c").write_bytes(b"%d" % i)
        (watched.root / f"{i}.c").rename(watched.root / f"m{i}.c")
    watched.settle()
    watched.stop()
    known = watched.known()
    watched.facts.clear()
    monitor = watched.start(known.items())
    assert monitor.wait_scanned(10) == 0
    watched.settle()
    assert watched.told() == []
    assert monitor.counters().repeated == 0


def test_files_that_are_not_wanted_any_more_are_not_called_deleted(watched: "Watched") -> None:
    watched.start()
    for path in ("keep.c", "drop.py", "d/x.c"):
        (watched.root / path).parent.mkdir(exist_ok=True)
        (watched.root / path).write_bytes(b"1")
    watched.settle()
    watched.stop()
    known = watched.known()
    watched.facts.clear()
    watched.start(known.items(), wants=lambda p: p.endswith(b".c"), prunes=lambda p: p == b"d").wait_scanned(
        10
    )
    watched.settle()
    assert watched.told() == []


def test_saves_during_the_first_comparison_come_once_and_none_is_missed(watched: "Watched") -> None:
    for i in range(300):
        (watched.root / f"d{i}" / "e").mkdir(parents=True)
        (watched.root / f"d{i}" / "e" / "old.c").write_bytes(b"old %d" % i)
    stop = threading.Event()
    written: Counter[tuple[bytes, str]] = Counter()

    def save() -> None:
        for i in range(3000):
            if stop.is_set():
                return
            content = b"new %d" % i
            (watched.root / f"d{i % 300}" / "e" / f"new{i}.c").write_bytes(content)
            written[f"d{i % 300}/e/new{i}.c".encode(), hashlib.sha256(content).hexdigest()] += 1

    writer = threading.Thread(target=save)
    writer.start()
    watched.start(scanned=False).wait_scanned(60)
    stop.set()
    writer.join()
    watched.settle()
    told = Counter((f.path, f.sha256) for f in watched.facts if isinstance(f, Saved) and b"/new" in f.path)
    assert set(written) == set(told)
    assert max(told.values(), default=1) == 1
    assert watched.kept() == watched.on_disk()


def test_changes_during_the_comparison_of_a_restart_end_as_on_the_disk(watched: "Watched") -> None:
    watched.start()
    for i in range(100):
        (watched.root / f"d{i}").mkdir()
        for name in ("keep.c", "move.c", "drop.c", "save.c"):
            (watched.root / f"d{i}" / name).write_bytes(b"%d" % i)
    watched.settle()
    watched.stop()
    monitor = watched.start(watched.known().items(), scanned=False)
    for i in range(100):
        folder = watched.root / f"d{i}"
        (folder / "move.c").rename(folder / "moved.c")
        (folder / "drop.c").unlink()
        (folder / "save.c").write_bytes(b"new")
        folder.rename(watched.root / f"e{i}")
    monitor.wait_scanned(60)
    watched.settle()
    assert watched.kept() == watched.on_disk()


def test_an_overflow_is_said_and_everything_is_right_again_after_it(
    watched: "Watched", monkeypatch: pytest.MonkeyPatch
) -> None:
    # The queue is made small (fs.fanotify.max_queued_events), and the receiver stops taking for a while.
    monkeypatch.setattr(
        handles.HandleWatch.__init__, "__kwdefaults__", {"group": handles.GROUP & ~fanotify.UNLIMITED_QUEUE}
    )
    (watched.root / "old.c").write_bytes(b"old")
    (watched.root / "gone.c").write_bytes(b"gone")
    go_on = threading.Event()
    deliver = watched.deliver

    def blocked(facts: object) -> None:
        go_on.wait(60)
        deliver(facts)  # type: ignore[arg-type]

    monkeypatch.setattr(watched, "deliver", blocked)
    monkeypatch.setattr("jcode_watcher.filemon.capture.HEARD_BYTES_MAX", 1 << 16)
    monitor = watched.start(scanned=False)
    (watched.root / "gone.c").unlink()
    for i in range(40_000):
        fd = os.open(watched.root / f"f{i % 100}.c", os.O_WRONLY | os.O_CREAT)
        os.write(fd, b"%d" % i)
        os.close(fd)
        (watched.root / f"f{i % 100}.c").unlink()
    (watched.root / "last.c").write_bytes(b"last")
    go_on.set()
    watched.wait_for(lambda f: isinstance(f, Missed))
    watched.saved("last.c", b"last")
    watched.settle()
    assert monitor.counters().overflows >= 1
    assert watched.kept() == watched.on_disk()
    (missed, *_) = (f for f in watched.facts if isinstance(f, Missed))
    assert missed.reason == "queue_overflow"
    assert 0 < missed.since_ns <= missed.until_ns <= time.time_ns()
