"""Mode `inotify`: what it promises beyond the scenarios."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Deleted, Missed, Moved, Saved
from jcode_watcher.filemon.changes import DOUBTED
from jcode_watcher.filemon.modes.inotify import InotifyWatch
from jcode_watcher.filemon.ports import Pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
LIMITS = Path("/proc/sys/fs/inotify")


@pytest.fixture
def heard(new_watched: "Callable[[], Watched]") -> "Watched":
    watched = new_watched()
    watched.start(mode="inotify")
    return watched


def wait_until_left(watched: "Watched", path: bytes) -> None:
    watched.wait_for(lambda f: isinstance(f, Moved | Deleted) and f.path == path)


def test_a_save_is_told_when_it_is_closed_and_once(heard: "Watched") -> None:
    with (heard.root / "a.c").open("wb", buffering=0) as file:
        file.write(b"1")
        file.write(b"2")
    heard.settle()
    assert heard.told() == ["closed a.c b'12'"]


def test_nested_folders_made_at_once_lose_no_file(heard: "Watched") -> None:
    for number in range(100):
        folder = heard.root / f"{number}/x/y/z"
        folder.mkdir(parents=True)
        (folder / "a.c").write_bytes(b"%d" % number)
    heard.settle()
    assert heard.kept() == heard.on_disk()
    assert len(heard.kept()) == 100


def test_files_and_folders_move_within_in_and_out(heard: "Watched") -> None:
    (heard.root / "d").mkdir()
    (heard.root / "d" / "a.c").write_bytes(b"1")
    heard.settle()
    (heard.root / "d").rename(heard.root / "e")
    (heard.root / "e" / "a.c").rename(heard.root / "e" / "b.c")
    heard.settle()
    moves = [(f.path, f.destination) for f in heard.facts if isinstance(f, Moved)]
    assert moves == [(b"d/a.c", b"e/a.c"), (b"e/a.c", b"e/b.c")]
    (heard.root / "e").rename(heard.outside / "e")
    gone = heard.wait_for(lambda f: isinstance(f, Deleted) and f.path == b"e/b.c")
    assert isinstance(gone, Deleted)
    assert gone.how == "moved_out"
    (heard.outside / "e" / "b.c").write_bytes(b"not told")
    (heard.outside / "e").rename(heard.root / "f")
    assert heard.saved("f/b.c", b"not told").how == "moved_in"
    (heard.root / "f" / "b.c").write_bytes(b"2")
    assert heard.saved("f/b.c", b"2").how == "closed"
    heard.settle()
    assert heard.kept() == heard.on_disk()


def test_what_moves_into_a_folder_that_is_new_is_not_lost(heard: "Watched") -> None:
    for number in range(20):
        (heard.root / f"d{number}").mkdir()
        (heard.root / f"d{number}" / "a.c").write_bytes(b"%d" % number)
        (heard.root / f"{number}.c").write_bytes(b"%d" % number)
    heard.settle()
    for number in range(20):
        (heard.root / f"n{number}" / "m").mkdir(parents=True)
        (heard.root / f"d{number}").rename(heard.root / f"n{number}" / "m" / "d")
        (heard.root / f"{number}.c").rename(heard.root / f"n{number}" / "m" / "b.c")
    for number in range(20):
        for path in (b"%d.c" % number, b"d%d/a.c" % number):
            wait_until_left(heard, path)
    heard.settle()
    assert heard.kept() == heard.on_disk()


def test_a_folder_deleted_and_made_again_is_heard(heard: "Watched") -> None:
    for number in range(20):
        (heard.root / "d").mkdir()
        (heard.root / "d" / "a.c").write_bytes(b"%d" % number)
        heard.saved("d/a.c", b"%d" % number)
        (heard.root / "d" / "a.c").unlink()
        (heard.root / "d").rmdir()
    heard.settle()
    assert heard.kept() == {}


def test_after_an_overflow_everything_is_right_again(heard: "Watched") -> None:
    limit = int((LIMITS / "max_queued_events").read_text())
    heard.facts.clear()
    source = heard.outside / "a"
    source.touch()
    for _ in range(limit // 100 + 2):
        for number in range(50):  # a burst of renames, which never merge
            os.link(source, heard.root / f"{number}.h")
            (heard.root / f"{number}.h").rename(heard.root / f"{number}.c")
            (heard.root / f"{number}.c").unlink()
    (heard.root / "last.c").write_bytes(b"last")
    heard.settle()
    assert heard.kept() == heard.on_disk() == heard.kept()


def test_where_watches_run_out_that_is_said_once_and_the_rest_is_compared(
    new_watched: "Callable[[], Watched]", few_watches: int
) -> None:
    watched = new_watched()
    for number in range(few_watches + 20):
        (watched.root / f"d{number}").mkdir()
    watched.start(mode="inotify", rescan_seconds=0.3)
    for round_ in range(3):
        for number in range(few_watches + 20):
            (watched.root / f"d{number}" / "a.c").write_bytes(b"%d" % round_)
        for number in range(few_watches + 20):
            watched.saved(f"d{number}/a.c", b"%d" % round_)
    missed = [f.reason for f in watched.facts if isinstance(f, Missed)]
    assert missed == ["watches_exhausted"]


def test_nothing_is_read_through_links_or_from_what_is_no_file(heard: "Watched") -> None:
    (heard.outside / "secret.c").write_bytes(b"secret")
    (heard.root / "link.c").symlink_to(heard.outside / "secret.c")
    (heard.root / "linked").symlink_to(heard.outside)
    (heard.root / "hard.c").hardlink_to(heard.outside / "secret.c")
    os.mkfifo(heard.root / "fifo.c")
    (heard.outside / "secret.c").write_bytes(b"more secret")
    heard.settle()
    assert [f.content for f in heard.facts if isinstance(f, Saved) and b"settled" not in f.path] == [None]


def test_everything_is_compared_as_often_as_asked_though_all_is_heard(
    new_watched: "Callable[[], Watched]",
) -> None:
    watched = new_watched()
    monitor = watched.start(mode="inotify", compare_seconds=0.1)
    until = time.monotonic() + 60
    while monitor.counters().scans < 3:
        assert time.monotonic() < until
        time.sleep(0.01)
    (watched.root / "a.c").write_bytes(b"1")
    assert watched.saved("a.c", b"1").how in ("closed", "rescan")


def test_a_folder_that_was_gone_before_it_could_be_seen_leaves_the_one_around_it_in_doubt(
    tmp_path: Path,
) -> None:
    watch = InotifyWatch(os.fsencode(tmp_path), Pauses(10.0, 3600.0))
    (tmp_path / "new").mkdir()
    (tmp_path / "new").rmdir()
    changes = list(watch.changes(watch.read()))
    watch.close()

    assert (DOUBTED, watch.disk.root_key) in {(change.what, change.folder) for change in changes}


def test_what_is_saved_in_a_folder_that_is_away_for_a_moment_is_kept_each_time(heard: "Watched") -> None:
    folder, away = heard.root / "d", heard.outside / "away"
    (folder / "e").mkdir(parents=True)
    (folder / "e" / "a.c").write_bytes(b"first")
    heard.settle()
    contents = [b"%d" % number for number in range(30)]
    for content in contents:
        folder.rename(away)
        (away / "e" / "a.c").write_bytes(content)
        away.rename(folder)
        time.sleep(0.1)
    heard.settle()
    told = [fact for fact in heard.facts if isinstance(fact, Saved) and fact.path == b"d/e/a.c"]
    assert [fact.content for fact in told] == [b"first", *contents]
