"""Mode `descriptors` on an overlayfs: what it promises beyond the scenarios."""

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Moved, Saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel


@pytest.fixture
def heard(new_watched_without_handles: "Callable[[], Watched]") -> "Watched":
    watched = new_watched_without_handles()
    watched.start(mode="descriptors")
    return watched


def test_a_save_is_told_when_it_is_closed_once_and_with_its_writer(heard: "Watched") -> None:
    with subprocess.Popen(["sh", "-c", "echo 1 > a.c"], cwd=heard.root) as shell:
        shell.wait()
    assert heard.saved("a.c", b"1\n").pid == shell.pid
    heard.settle()
    assert heard.told() == ["closed a.c b'1\\n'"]


def test_an_atomic_save_bears_the_pid_of_who_wrote_the_file(heard: "Watched") -> None:
    with subprocess.Popen(["sh", "-c", "echo 1 > a.tmp; exec mv a.tmp a.c"], cwd=heard.root) as shell:
        shell.wait()
    saved = heard.saved("a.c", b"1\n")
    assert (saved.how, saved.pid) == ("moved_in", shell.pid)


def test_files_from_the_layer_below_are_versions_once_they_are_written(
    new_watched_on_overlay: "Callable[[], Watched]",
) -> None:
    watched = new_watched_on_overlay()
    below = watched.root.parents[1] / "lower" / "image" / "src"
    below.mkdir(parents=True)
    (below / "a.c").write_bytes(b"below")
    subprocess.run(["mount", "-o", "remount", watched.root.parent], check=False)
    seen = watched.root.parent / "image"
    if not seen.is_dir():
        pytest.skip("this kernel's overlayfs does not show what was added below it")
    watched.root = seen
    watched.start(mode="descriptors")
    watched.saved("src/a.c", b"below")
    (seen / "src" / "a.c").write_bytes(b"above")
    assert watched.saved("src/a.c", b"above").how == "closed"
    (seen / "src" / "b.c").write_bytes(b"new")
    watched.saved("src/b.c", b"new")
    watched.settle()
    assert watched.kept() == watched.on_disk()


def test_a_write_through_another_mount_of_the_same_overlay_is_heard(heard: "Watched") -> None:
    (heard.root / "a.c").write_bytes(b"1")
    heard.saved("a.c", b"1")
    script = 'mount --bind "$1" /mnt && cd /mnt && echo 2 > a.c && echo 3 > b.c'
    subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", heard.root], check=True
    )
    assert heard.saved("a.c", b"2\n").pid > 0
    assert heard.saved("b.c", b"3\n").how == "closed"


def test_moves_and_new_folders_are_right(heard: "Watched") -> None:
    for number in range(50):
        folder = heard.root / f"{number}/x/y"
        folder.mkdir(parents=True)
        (folder / "a.c").write_bytes(b"%d" % number)
    heard.settle()
    (heard.root / "0" / "x" / "y" / "a.c").rename(heard.root / "moved.c")
    heard.settle()
    assert [f.destination for f in heard.facts if isinstance(f, Moved)] == [b"moved.c"]
    assert heard.kept() == heard.on_disk()


def test_a_save_that_is_deleted_at_once_is_told(new_watched_on_overlay: "Callable[[], Watched]") -> None:
    heard = new_watched_on_overlay()
    heard.start(mode="descriptors")
    for number in range(20):
        path = heard.root / f"{number}.c"
        path.write_bytes(b"1")
        path.unlink()
    heard.settle()
    assert len({f.path for f in heard.facts if isinstance(f, Saved) and b"settled" not in f.path}) == 20
    assert heard.kept() == {}


def test_no_descriptor_stays_open(heard: "Watched") -> None:
    heard.settle()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counted only
    for number in range(500):
        (heard.root / f"{number % 7}.c").write_bytes(b"%d" % number)
    heard.settle()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


def test_nothing_is_read_through_links_or_from_what_is_no_file(heard: "Watched") -> None:
    (heard.outside / "secret.c").write_bytes(b"secret")
    (heard.root / "link.c").symlink_to(heard.outside / "secret.c")
    (heard.root / "linked").symlink_to(heard.outside)
    (heard.root / "hard.c").hardlink_to(heard.outside / "secret.c")
    os.mkfifo(heard.root / "fifo.c")
    (heard.outside / "secret.c").write_bytes(b"more secret")
    heard.settle()
    told = [f for f in heard.facts if isinstance(f, Saved) and b"settled" not in f.path]
    assert told
    assert {f.content for f in told} == {None}
