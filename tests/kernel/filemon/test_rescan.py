"""Mode `rescan`: everything is found by comparing, without any privilege."""

import os
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Deleted, Saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
RESCAN_SECONDS = 0.1


@pytest.fixture
def rescanned(new_watched: "Callable[[], Watched]") -> "Watched":
    watched = new_watched()
    watched.start(mode="rescan", rescan_seconds=RESCAN_SECONDS)
    return watched


def test_saves_deletions_and_moves_are_found(rescanned: "Watched") -> None:
    folder = rescanned.root / "new" / "folder"
    folder.mkdir(parents=True)
    (folder / "a.c").write_bytes(b"1")
    assert rescanned.saved("new/folder/a.c", b"1").how == "rescan"
    (folder / "a.c").write_bytes(b"2")
    rescanned.saved("new/folder/a.c", b"2")
    (folder / "a.c").rename(rescanned.root / "b.c")
    rescanned.saved("b.c", b"2")
    gone = rescanned.wait_for(lambda f: isinstance(f, Deleted) and f.path == b"new/folder/a.c")
    assert isinstance(gone, Deleted)
    assert gone.how == "rescan"
    assert rescanned.kept() == rescanned.on_disk()


def test_what_did_not_change_is_told_once_however_often_it_is_compared(rescanned: "Watched") -> None:
    (rescanned.root / "a.c").write_bytes(b"1")
    rescanned.saved("a.c", b"1")
    (rescanned.root / "sub").mkdir()
    for count in range(3):
        (rescanned.root / "sub" / "b.c").write_bytes(b"%d" % count)
        rescanned.saved("sub/b.c", b"%d" % count)
    assert [f for f in rescanned.told() if " a.c " in f] == ["rescan a.c b'1'"]


def test_nothing_is_read_through_links_or_from_what_is_no_file(rescanned: "Watched") -> None:
    (rescanned.outside / "secret.c").write_bytes(b"secret")
    (rescanned.root / "link.c").symlink_to(rescanned.outside / "secret.c")
    (rescanned.root / "linked").symlink_to(rescanned.outside)
    (rescanned.root / "hard.c").hardlink_to(rescanned.outside / "secret.c")
    os.mkfifo(rescanned.root / "fifo.c")
    rescanned.settle()
    told = [f for f in rescanned.facts if isinstance(f, Saved) and b"settled" not in f.path]
    assert [(f.path, f.content, f.omitted) for f in told] == [(b"hard.c", None, "linked_outside")]


def test_what_happened_between_two_runs_is_found(new_watched: "Callable[[], Watched]") -> None:
    watched = new_watched()
    for name in ("same.c", "changed.c", "gone.c"):
        (watched.root / name).write_bytes(b"1")
    first = watched.start(mode="rescan")
    assert first.wait_scanned(10) == 3
    first.stop()
    known = watched.known()
    (watched.root / "changed.c").write_bytes(b"2")
    (watched.root / "gone.c").unlink()
    watched.facts.clear()
    assert watched.start(known.items(), mode="rescan").wait_scanned(10) == 2
    watched.stop()
    assert sorted(watched.told()) == ["rescan changed.c b'2'", "rescan gone.c"]


def test_a_whole_tree_is_found(new_watched: "Callable[[], Watched]") -> None:
    watched = new_watched()
    for number in range(50):
        path = watched.root / f"d{number}" / "e"
        path.mkdir(parents=True)
        (path / "a.py").write_bytes(b"%d" % number)
    assert watched.start(mode="rescan", rescan_seconds=RESCAN_SECONDS).wait_scanned(60) == 50
    watched.settle()
    assert watched.kept() == watched.on_disk()
