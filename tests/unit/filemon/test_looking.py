import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from jcode_watcher.filemon._disk import ffi
from jcode_watcher.filemon.beneath import PATH_BYTES_MAX
from jcode_watcher.filemon.changes import NO_PID
from jcode_watcher.filemon.look import Look
from jcode_watcher.filemon.looking import USUAL_BYTES_MAX, Looker


@pytest.fixture
def looker(tmp_path: Path) -> Iterator[Looker]:
    with opened(tmp_path / "root", folder=True) as fd:
        yield Looker(fd, fine_times=True)


@contextmanager
def opened(path: Path, *, folder: bool = False) -> Iterator[int]:
    if folder:
        path.mkdir()
    fd = os.open(path, os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)


def look(looker: Looker, file: Path, path: bytes, *, links_max: int = 1, bytes_max: int = 1 << 21) -> Look:
    with opened(file) as fd:
        return looker.look(fd, path, links_max, bytes_max, NO_PID)


def test_an_inode_number_has_no_sign(tmp_path: Path, looker: Looker) -> None:
    (tmp_path / "root/a.c").write_bytes(b"x")
    looker._found = ffi.new("int64_t[]", [-5, 1, 1, 0, 0, 1, 1, 0, 0, -1])
    assert look(looker, tmp_path / "root/a.c", b"a.c").inode == 2**64 - 5


@pytest.mark.parametrize("size", [0, 1, USUAL_BYTES_MAX, USUAL_BYTES_MAX + 1, 1 << 21])
def test_a_file_of_any_size_is_read_whole(tmp_path: Path, looker: Looker, size: int) -> None:
    file, content = tmp_path / "root/a.c", os.urandom(size)
    file.write_bytes(content)
    found = look(looker, file, b"a.c")
    status = file.stat()
    assert found == Look(
        content,
        size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
        1,
        in_place=True,
        changed=False,
        settled=True,
        writing=None,
    )


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, looker: Looker) -> None:
    file = tmp_path / "root/a.c"
    with file.open("wb") as sparse:
        sparse.truncate(100 << 30)
    found = look(looker, file, b"a.c")
    assert (found.content, found.size, found.in_place) == (None, 100 << 30, True)


def test_a_file_of_more_names_than_asked_for_is_not_read(tmp_path: Path, looker: Looker) -> None:
    file = tmp_path / "root/a.c"
    file.write_bytes(b"x")
    (tmp_path / "outside.c").hardlink_to(file)
    assert look(looker, file, b"a.c").content is None
    assert look(looker, file, b"a.c", links_max=2).content == b"x"


@pytest.mark.parametrize(
    "path", [b"b.c", b"gone.c", b"link.c", b"folder/a.c", b"../outside.c", b"up/a.c", b"x" * 300]
)
def test_a_path_that_leads_elsewhere_or_through_a_link_leads_not_to_the_file(
    tmp_path: Path, looker: Looker, path: bytes
) -> None:
    root = tmp_path / "root"
    for name in ("a.c", "b.c", "../outside.c"):
        (root / name).write_bytes(b"x")
    (root / "link.c").symlink_to("a.c")
    (root / "folder").symlink_to(".")
    (root / "up").symlink_to("..")
    assert not look(looker, root / "a.c", path).in_place


DEEP = b"/".join([b"d" * 250] * (PATH_BYTES_MAX // 250 + 5))


def deep_folder(root: Path) -> int:
    """Make a folder that is deeper below a root than a path can name, and open it."""
    fd = os.open(root, os.O_RDONLY)
    for name in DEEP.split(b"/"):
        os.mkdir(name, dir_fd=fd)
        inner = os.open(name, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    return fd


def test_a_file_below_more_folders_than_a_path_can_name_is_found(tmp_path: Path, looker: Looker) -> None:
    fd = deep_folder(tmp_path / "root")
    file = os.open(b"a.c", os.O_RDWR | os.O_CREAT, dir_fd=fd)
    os.write(file, b"deep")
    os.lseek(file, 0, os.SEEK_SET)
    path = DEEP + b"/a.c"
    assert looker.look(file, path, 1, 100, NO_PID).in_place
    os.unlink(b"a.c", dir_fd=fd)
    os.lseek(file, 0, os.SEEK_SET)
    found = looker.look(file, path, 1, 100, NO_PID)
    assert (found.content, found.links, found.in_place) == (b"deep", 0, False)
    os.close(file)
    os.close(fd)


def test_a_file_so_deep_whose_folder_is_moved_out_while_it_is_read_is_not_in_place(
    tmp_path: Path, looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    fd = deep_folder(tmp_path / "root")
    file = os.open(b"a.c", os.O_RDWR | os.O_CREAT, dir_fd=fd)
    walk = looker._beneath.open

    def and_then_it_goes(path: bytes) -> int:
        folder_fd = walk(path)
        (tmp_path / "root" / ("d" * 250)).rename(tmp_path / "outside")
        return folder_fd

    monkeypatch.setattr(looker._beneath, "open", and_then_it_goes)
    assert not looker.look(file, DEEP + b"/a.c", 1, 100, NO_PID).in_place
    os.close(file)
    os.close(fd)


def test_a_writer_that_has_the_file_open_for_writing_is_said_to_be_at_it(
    tmp_path: Path, looker: Looker
) -> None:
    file = tmp_path / "root/a.c"
    file.write_bytes(b"1")

    def is_writing() -> bool | None:
        with opened(file) as fd:
            return looker.look(fd, b"a.c", 1, 100, os.getpid()).writing

    assert is_writing() is False
    with file.open("rb"):
        assert is_writing() is False
    with file.open("ab"):
        assert is_writing() is True


def test_nobody_knows_of_a_writer_that_is_gone_or_has_very_many_files_open(
    tmp_path: Path, looker: Looker
) -> None:
    file = tmp_path / "root/a.c"
    file.write_bytes(b"1")
    gone = subprocess.Popen(["true"])
    gone.wait()
    with opened(file) as fd, ExitStack() as many:
        assert looker.look(fd, b"a.c", 1, 100, gone.pid).writing is None
        for _ in range(130):
            many.enter_context(file.open("rb"))
        assert looker.look(fd, b"a.c", 1, 100, os.getpid()).writing is None
