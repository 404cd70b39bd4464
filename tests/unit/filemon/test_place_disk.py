import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.disks import without_births_at

from jcode_watcher.filemon import inotify
from jcode_watcher.filemon.place_disk import OUTSIDE, PlaceDisk
from jcode_watcher.filemon.silly_names import is_silly
from jcode_watcher.filemon.watched_disk import WatchedDisk

CLOCK_REALTIME_COARSE = 5


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[PlaceDisk]:
    (tmp_path / "root").mkdir()
    disk = PlaceDisk(bytes(tmp_path / "root"))
    yield disk
    disk.close()


def key_at(disk: PlaceDisk, folder: bytes, name: bytes) -> bytes | None:
    fd = disk.open_folder(folder)
    try:
        return disk.key_at(fd, name)
    finally:
        os.close(fd)


def known(disk: PlaceDisk, folder: bytes, name: bytes) -> bytes:
    key = key_at(disk, folder, name)
    assert key is not None
    return key


def wait_for_tick() -> None:
    """Wait until the file system would write another time into an inode.

    It takes the coarse clock's, or a finer one that was given out since; none is later than the fine clock's.
    """
    given_out = time.clock_gettime(time.CLOCK_REALTIME)
    while time.clock_gettime(CLOCK_REALTIME_COARSE) <= given_out:
        os.sched_yield()


def read(disk: PlaceDisk, key: bytes) -> bytes:
    fd = disk.open_path(key)
    try:
        return Path(f"/proc/self/fd/{fd}").read_bytes()
    finally:
        os.close(fd)


def test_a_file_is_opened_by_what_it_is_where_it_was_last_seen(disk: PlaceDisk, tmp_path: Path) -> None:
    (tmp_path / "root" / "d").mkdir()
    (tmp_path / "root" / "d" / "a.c").write_bytes(b"1")
    folder = known(disk, disk.root_key, b"d")
    file = known(disk, folder, b"a.c")
    assert read(disk, file) == b"1"
    assert disk.parent_of(folder) == (disk.root_key, b"d")
    assert disk.is_at(b"d", b"a.c", file)
    assert not disk.is_at(b"", b"a.c", file)


def test_another_file_under_the_same_name_is_not_taken_for_it(disk: PlaceDisk, tmp_path: Path) -> None:
    path = tmp_path / "root" / "a.c"
    path.write_bytes(b"1")
    file = known(disk, disk.root_key, b"a.c")
    path.rename(tmp_path / "old")
    path.write_bytes(b"2")
    with pytest.raises(OSError, match="No such"):
        disk.open_path(file)
    assert known(disk, disk.root_key, b"a.c") != file


def test_a_later_file_with_the_same_inode_number_has_another_key(disk: PlaceDisk, tmp_path: Path) -> None:
    path = tmp_path / "root" / "a.c"
    keys = set()
    for _ in range(20):
        path.touch()
        keys.add(known(disk, disk.root_key, b"a.c"))
        path.unlink()
        wait_for_tick()
    assert len(keys) == 20


def test_a_folder_that_was_replaced_by_a_symbolic_link_leads_nowhere(disk: PlaceDisk, tmp_path: Path) -> None:
    inside, outside = tmp_path / "root" / "d", tmp_path / "outside"
    inside.mkdir()
    (inside / "a.c").write_bytes(b"1")
    folder = known(disk, disk.root_key, b"d")
    file = known(disk, folder, b"a.c")
    inside.rename(outside)
    inside.symlink_to(outside)
    for key in (folder, file):
        with pytest.raises(OSError, match=r"symbolic links|No such"):
            disk.open_path(key)
    assert not disk.is_at(b"d", b"a.c", file)


def test_a_symbolic_link_is_opened_as_itself(disk: PlaceDisk, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "root" / "a.c").symlink_to(tmp_path / "secret")
    fd = disk.open_path(known(disk, disk.root_key, b"a.c"))
    try:
        assert os.path.samestat(os.fstat(fd), (tmp_path / "root" / "a.c").lstat())
    finally:
        os.close(fd)


def test_a_file_with_two_names_is_found_by_the_one_that_is_left(disk: PlaceDisk, tmp_path: Path) -> None:
    one, other = tmp_path / "root" / "a.c", tmp_path / "root" / "b.c"
    one.write_bytes(b"1")
    other.hardlink_to(one)
    assert known(disk, disk.root_key, b"a.c") == (file := known(disk, disk.root_key, b"b.c"))
    one.unlink()
    assert read(disk, file) == b"1"


def test_a_folder_keeps_its_key_and_what_is_in_it_when_it_moves(disk: PlaceDisk, tmp_path: Path) -> None:
    (tmp_path / "root" / "d").mkdir()
    (tmp_path / "root" / "d" / "a.c").write_bytes(b"1")
    folder = known(disk, disk.root_key, b"d")
    file = known(disk, folder, b"a.c")
    (tmp_path / "root" / "d").rename(tmp_path / "root" / "e")
    assert known(disk, disk.root_key, b"e") == folder
    assert read(disk, file) == b"1"
    assert disk.parent_of(folder) == (disk.root_key, b"e")


def test_renames_half_heard_make_no_endless_path(disk: PlaceDisk) -> None:
    disk.learn((b"d2", b"a"), b"d1")
    disk.learn((b"d1", b"b"), b"d2")
    with pytest.raises(OSError, match="No such"):
        disk.open_folder(b"d1")


def test_nothing_is_outside_and_the_root_has_no_parent(disk: PlaceDisk) -> None:
    assert disk.parent_of(OUTSIDE) is None
    assert disk.parent_of(disk.root_key) is None
    with pytest.raises(OSError, match="No such"):
        disk.parent_of(b"d never seen")


def test_paths_longer_than_the_kernel_takes_are_walked(disk: PlaceDisk, tmp_path: Path) -> None:
    folder, path, at = disk.root_key, b"", os.open(tmp_path / "root", os.O_RDONLY)
    for _ in range(25):
        name = b"x" * 200
        os.mkdir(name, dir_fd=at)
        inner = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at, folder, path = inner, known(disk, folder, name), path + b"/" + name
    os.close(os.open(b"a.c", os.O_WRONLY | os.O_CREAT, dir_fd=at))
    os.close(at)
    assert disk.is_at(path[1:], b"a.c", known(disk, folder, b"a.c"))


@pytest.mark.kernel
def test_files_of_one_inode_number_are_told_apart_where_no_birth_is_told(tmp_path: Path) -> None:
    with without_births_at(tmp_path / "old") as root:
        disk = PlaceDisk(bytes(root))
        path = root / "a.c"
        keys: set[bytes] = set()
        inodes: set[int] = set()
        for _ in range(20):
            path.write_bytes(b"1")
            keys.add(known(disk, disk.root_key, b"a.c"))
            inodes.add(path.stat().st_ino)
            path.unlink()
        disk.close()
        assert len(keys) == 20 > len(inodes)


def test_a_file_is_known_by_its_silly_name_also_when_another_has_taken_its_own(tmp_path: Path) -> None:
    fd = inotify.init()
    disk = WatchedDisk(bytes(tmp_path), fd, inotify.CREATE, lambda: None, lambda: None)
    path = tmp_path / "a.c"
    path.write_bytes(b"1")
    known(disk, disk.root_key, b"a.c")
    silly = b".nfs%016x0000002a" % path.stat().st_ino
    assert is_silly(silly)
    assert disk.place_before((disk.root_key, silly)) is None
    path.rename(tmp_path / silly.decode())
    path.write_bytes(b"2")
    assert disk.place_before((disk.root_key, silly)) == (disk.root_key, b"a.c")
    assert disk.place_before((disk.root_key, b".nfs%024x" % 1)) is None
    disk.close()
    os.close(fd)


@pytest.mark.parametrize("name", [b".nfs", b".nfs-notes.c", b"a.nfs00000000000000110000002a"])
def test_a_students_name_is_not_silly(name: bytes) -> None:
    assert not is_silly(name)
