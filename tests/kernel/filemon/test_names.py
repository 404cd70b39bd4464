"""Names are bytes, and paths as long as the file system lets them be."""

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
ODD = (
    b"\xff\xfe.c",
    b"\xed\xa0\x80.c",
    b"caf\xe9.c",
    b"a b.c",
    b"-rf.c",
    b"a\x01b.c",
    b"a\nb.c",
    b"x" * 253 + b".c",
)


def test_any_bytes_make_a_name(watched: "Watched") -> None:
    watched.start()
    for name in ODD:
        folder = watched.root / os.fsdecode(b"d" + name[1:])
        folder.mkdir()
        for path in (watched.root / os.fsdecode(name), folder / "k.c"):
            path.write_bytes(name)
    watched.settle()
    assert len(watched.told()) == 2 * len(ODD)
    assert watched.kept() == watched.on_disk()


@pytest.mark.parametrize("started", ["before", "after"])
def test_a_path_may_be_longer_than_the_kernel_takes(watched: "Watched", started: str) -> None:
    if started == "before":
        watched.start()
    fd = os.open(watched.root, os.O_RDONLY)
    for i in range(24):
        os.mkdir(b"%02d" % i + b"z" * 200, dir_fd=fd)
        inner = os.open(b"%02d" % i + b"z" * 200, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    deep = os.open("deep.c", os.O_WRONLY | os.O_CREAT, dir_fd=fd)
    os.write(deep, b"deep")
    os.close(deep)
    if started == "after":
        watched.start()
    watched.settle()
    (path,) = watched.kept()
    assert len(path) > 4096
    os.rename("deep.c", "deeper.c", src_dir_fd=fd, dst_dir_fd=fd)
    os.close(fd)
    watched.settle()
    assert watched.kept() == watched.on_disk()
