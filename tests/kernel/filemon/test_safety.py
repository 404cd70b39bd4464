"""Never a byte from outside the root, and never a wait for what is no regular file."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Saved

if TYPE_CHECKING:
    from tests.kernel.filemon.watched import Watched

    from jcode_watcher.filemon import Mode

pytestmark = pytest.mark.kernel
SECRET = b"nobody's business"


@contextmanager
def bound(source: Path, at: Path) -> Iterator[None]:
    mounted = subprocess.run(["mount", "--bind", source, at], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"cannot mount: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)


def secrets(watched: "Watched") -> list[Saved]:
    return [f for f in watched.facts if isinstance(f, Saved) and f.content and SECRET in f.content]


def test_a_symbolic_link_is_never_followed(watched: "Watched") -> None:
    (watched.outside / "x.c").write_bytes(SECRET)
    (watched.root / "before.c").symlink_to(watched.outside / "x.c")
    (watched.root / "folder-before").symlink_to(watched.outside)
    watched.start()
    (watched.root / "link.c").symlink_to(watched.outside / "x.c")
    (watched.root / "folder").symlink_to(watched.outside)
    (watched.root / "folder" / "x.c").write_bytes(SECRET + b"2")
    (watched.root / "link.c").write_bytes(SECRET + b"3")
    watched.settle()
    assert watched.told() == []


def test_a_file_that_becomes_a_link_is_a_deletion(watched: "Watched") -> None:
    watched.start()
    (watched.outside / "x").write_bytes(SECRET)
    (watched.root / "a.c").write_bytes(b"1")
    watched.settle()
    (watched.root / "link").symlink_to(watched.outside / "x")
    (watched.root / "link").rename(watched.root / "a.c")
    watched.settle()
    assert watched.told() == ["closed a.c b'1'", "deleted a.c"]


def test_a_folder_that_becomes_a_link_to_where_it_went_is_not_followed(watched: "Watched") -> None:
    watched.start()
    for i in range(20):
        folder = watched.root / f"p{i}"
        folder.mkdir()
        (folder / "x.c").write_bytes(b"mine")
        folder.rename(watched.outside / folder.name)
        folder.symlink_to(watched.outside / folder.name)
        (watched.outside / folder.name / "x.c").write_bytes(SECRET)
    watched.settle()
    assert secrets(watched) == []
    assert watched.kept() == {}


def test_neither_fifo_nor_device_nor_socket_is_opened(watched: "Watched") -> None:
    os.mkfifo(watched.root / "before.c")
    watched.start()
    os.mkfifo(watched.root / "fifo.c")
    os.mknod(watched.root / "device.c", 0o20666, os.makedev(1, 5))
    (watched.root / "ok.c").write_bytes(b"alive")
    watched.settle()
    assert watched.told() == ["closed ok.c b'alive'"]


def test_a_huge_sparse_file_costs_nothing(watched: "Watched") -> None:
    watched.start()
    with (watched.root / "huge.c").open("wb") as huge:
        huge.truncate(100 << 30)
    watched.settle()
    assert watched.told() == ["closed huge.c too_large"]


def test_a_link_to_a_file_outside_is_told_without_content(watched: "Watched") -> None:
    watched.start()
    (watched.outside / "foreign").write_bytes(SECRET)
    (watched.root / "stolen.c").hardlink_to(watched.outside / "foreign")
    watched.settle()
    (watched.outside / "foreign").write_bytes(SECRET * 2)
    watched.settle()
    assert watched.told() == ["linked stolen.c linked_outside", "closed stolen.c linked_outside"]


def test_a_second_name_outside_takes_the_content_away_and_not_the_save(watched: "Watched") -> None:
    watched.start()
    (watched.root / "a.c").write_bytes(b"1")
    watched.settle()
    (watched.outside / "b").hardlink_to(watched.root / "a.c")
    (watched.root / "a.c").write_bytes(b"2")
    watched.settle()
    assert watched.told() == ["closed a.c b'1'", "closed a.c linked_outside"]


@pytest.mark.parametrize("mode", ["handles", "inotify"])
def test_a_second_name_in_another_folder_of_the_root_takes_nothing_away(
    watched: "Watched", mode: "Mode"
) -> None:
    (watched.root / "d").mkdir()
    watched.start(mode=mode)
    (watched.root / "a.c").write_bytes(b"1")
    watched.settle()
    (watched.root / "d/notes.txt").hardlink_to(watched.root / "a.c")
    watched.settle()
    (watched.root / "d/notes.txt").write_bytes(b"2")
    watched.settle()
    (watched.root / "a.c").write_bytes(b"3")
    watched.settle()
    assert watched.told() == ["closed a.c b'1'", "closed a.c b'2'", "closed a.c b'3'"]


def test_what_was_told_without_content_is_told_with_it_once_no_name_is_outside(watched: "Watched") -> None:
    watched.start()
    (watched.outside / "a").touch()
    (watched.root / "a.c").hardlink_to(watched.outside / "a")
    watched.settle()
    (watched.root / "a.c").write_bytes(b"1")
    watched.settle()
    (watched.outside / "a").unlink()
    watched.settle()
    (watched.outside / "b").hardlink_to(watched.root / "a.c")
    (watched.root / "a.c").write_bytes(b"2")
    watched.settle()
    (watched.outside / "b").rename(watched.root / "b.c")
    watched.settle()
    assert watched.told() == [
        "linked a.c linked_outside",
        "closed a.c linked_outside",
        "rescan a.c b'1'",
        "closed a.c linked_outside",
        "moved_in b.c b'2'",
        "rescan a.c b'2'",
    ]


def test_a_mount_inside_the_root_is_not_looked_into(watched: "Watched", tmpfs: Path) -> None:
    (tmpfs / "x.c").write_bytes(SECRET)
    (watched.outside / "x.c").write_bytes(SECRET)
    for name in ("other", "same"):
        (watched.root / name).mkdir()
    with bound(tmpfs, watched.root / "other"), bound(watched.outside, watched.root / "same"):
        watched.start()
        (watched.root / "other" / "y.c").write_bytes(SECRET)
        (watched.root / "same" / "y.c").write_bytes(SECRET)
        watched.settle()
        assert watched.told() == []
        watched.stop()


def test_saves_through_another_mount_of_the_root_are_seen(watched: "Watched") -> None:
    (watched.root / "student").mkdir()
    at = watched.outside / "in-container"
    at.mkdir()
    watched.start()
    with bound(watched.root / "student", at):
        (at / "main.c").write_bytes(b"1")
        watched.settle()
    assert watched.told() == ["closed student/main.c b'1'"]


def test_reading_leaves_no_trace_in_the_watched_folders(watched: "Watched") -> None:
    watched.start()
    (watched.root / "a.c").write_bytes(b"1")
    before = (watched.root / "a.c").stat()
    watched.settle()
    after = (watched.root / "a.c").stat()
    assert (before.st_atime_ns, before.st_ctime_ns) == (after.st_atime_ns, after.st_ctime_ns)
