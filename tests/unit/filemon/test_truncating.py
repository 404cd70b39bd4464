"""Who is amid truncating a file is seen by the lock, where the file system shows it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jcode_watcher.filemon.truncating import is_locked

WRITER = """
import sys
while True:
    with open(sys.argv[1], "wb") as file:
        file.write(b"int line;\\n" * 40000)
"""


def looks(path: Path, times: int) -> set[bool]:
    """Whether it was locked, of the moments at which it was empty."""
    found = set()
    for _ in range(times):
        fd = os.open(path, os.O_RDONLY)
        if not os.fstat(fd).st_size:
            found.add(is_locked(fd))
        os.close(fd)
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


def test_an_empty_file_that_nobody_changes_is_not_locked(tmp_path: Path) -> None:
    file = tmp_path / "a.c"
    file.touch()
    assert looks(file, 100) == {False}


def test_where_nothing_can_be_read_past_the_cache_nothing_is_locked() -> None:
    reading, writing = os.pipe()
    assert not is_locked(reading)
    os.close(reading)
    os.close(writing)
