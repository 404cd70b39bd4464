"""Who is amid truncating a file is seen by the lock, where the file system shows it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jcode_watcher.filemon.changes import NO_PID
from jcode_watcher.filemon.looking import Looker

WRITER = """
import sys
import tempfile
while True:
    with open(sys.argv[1], "wb") as file:
        file.write(b"int line;\\n" * 40000)
"""


def looks(path: Path, times: int) -> set[bool]:
    """Whether it was locked, of the moments at which it was empty."""
    found = set()
    folder_fd = os.open(path.parent, os.O_RDONLY)
    looker = Looker(folder_fd)
    for _ in range(times):
        fd = os.open(path, os.O_RDONLY)
        look = looker.look(fd, bytes(Path(path.name)), 1, 1 << 20, NO_PID)
        if not look.size:
            found.add(look.locked)
        os.close(fd)
    os.close(folder_fd)
    return found


def test_a_file_that_is_truncated_and_written_is_locked_while_it_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "a.c"
    file.touch()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(file)])
    try:
        seen = any(True in looks(file, 1000) for _ in range(100))
    finally:
        writer.kill()
        writer.wait()
    if not seen and looks_nothing(tmp_path):
        pytest.skip("this file system does not show who changes a file")
    assert seen


def looks_nothing(folder: Path) -> bool:
    return subprocess.check_output(["stat", "-f", "-c", "%T", folder]).strip() not in {b"ext2/ext3", b"xfs"}


@pytest.mark.parametrize("folder", [None, "/dev/shm"])
def test_an_empty_file_that_nobody_changes_is_not_locked(folder: str | None, tmp_path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=folder or tmp_path) as file:
        assert looks(Path(file.name), 100) == {False}
