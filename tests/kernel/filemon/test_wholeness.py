"""No version is half of a save, however soon one save follows another, in each mode that hears."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Saved
from jcode_watcher.filemon.changes import NO_PID

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

    from jcode_watcher.filemon import Mode

pytestmark = pytest.mark.kernel
MODES = ["handles", "descriptors", "inotify"]
SECONDS = 2.0
PIECE = b"int line;\n" * 400
WRITER = """
import os, sys, time
files, pieces, pause, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
saved = 0
def save(pieces):
    global saved
    fd = os.open(f"{saved % files}.c", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for _ in range(pieces):
        os.write(fd, b"int line;\\n" * 400)
        time.sleep(pause) if pause else None
    os.write(fd, b"end %d" % saved)
    os.close(fd)
    saved += 1
# Of a save that follows none for a second its writer is not asked about.
for _ in range(files):
    save(0)
time.sleep(0.2)
until = time.monotonic() + seconds
while time.monotonic() < until:
    save(pieces)
"""
WRITERS = {
    "one file at once": ("1", "0", "0"),
    "one file in many pieces": ("1", "25", "0"),
    "one file slowly": ("1", "5", "0.001"),
    "many files": ("50", "3", "0"),
}
COPIES = "for i in $(seq 150); do cp ../one.c a.c; cp ../two.c a.c; done"
"""Each save by a program of its own, which is gone by the time of the next."""
SHELL = """
for i in $(seq 40); do
  (echo begin $i; sleep 0.02; echo end $i) > a.c
  (echo begin $i; sleep 0.02; echo end $i) | tee b.c >/dev/null
  echo end > $i.c; (echo begin $i; sleep 0.02; echo end $i) > $i.c
done
"""
"""Likewise; and the next save begins at once, also after the first of a file."""

REOPENED = """
import time
for number in range(80):
    name = f"{number}.c"
    with open(name, "w") as file:
        file.write("end")
    with open(name, "w") as file:
        file.write("half")
        file.flush()
        time.sleep(0.015)
        file.write("end")
    time.sleep(0.01)
"""
"""A program that stops amid the second save of a file, which begins right after the first."""


@contextmanager
def writing(watched: "Watched", *how: str) -> Iterator[None]:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, *how], cwd=watched.root)
    try:
        yield
    finally:
        writer.kill()
        writer.wait()


def halves(watched: "Watched") -> list[Saved]:
    """Wait for all versions, and give those that end before their writer was done."""
    saved = [fact for fact in watched.settle() if isinstance(fact, Saved) and fact.how == "closed"]
    return [fact for fact in saved if fact.content is not None and b"end" not in fact.content]


def writers(watched: "Watched") -> set[int]:
    """Give who saved what ends as the writer ends it; who looks for whom must not be taken for them."""
    saved = [fact for fact in watched.facts if isinstance(fact, Saved) and fact.how == "closed"]
    return {fact.pid for fact in saved if fact.content and b"end " in fact.content}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("how", WRITERS)
def test_no_version_is_half_of_a_save_and_the_last_is_told(
    watched: "Watched", how: str, mode: "Mode"
) -> None:
    watched.start(mode=mode, content_bytes_max=1 << 20)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, *WRITERS[how], str(SECONDS)], cwd=watched.root
    ) as writer:
        assert writer.wait() == 0
    assert halves(watched) == []
    assert writers(watched) == {writer.pid if mode != "inotify" else NO_PID}
    assert watched.kept() == watched.on_disk()


@pytest.mark.parametrize("mode", MODES)
def test_no_version_is_half_of_a_copy(watched: "Watched", mode: "Mode") -> None:
    (watched.root / "hw").mkdir()
    for name in ("one", "two"):
        (watched.root / f"{name}.c").write_bytes(PIECE * 200 + b"end " + name.encode())
    watched.start(mode=mode, content_bytes_max=1 << 20)
    subprocess.run(["bash", "-c", COPIES], cwd=watched.root / "hw", check=True)
    assert halves(watched) == []
    assert watched.kept() == watched.on_disk()


@pytest.mark.parametrize("mode", MODES)
def test_no_version_is_half_of_what_a_shell_writes_in_two_steps(watched: "Watched", mode: "Mode") -> None:
    watched.start(mode=mode)
    subprocess.run(["bash", "-c", SHELL], cwd=watched.root, check=True)
    assert halves(watched) == []
    assert watched.kept() == watched.on_disk()


@pytest.mark.parametrize("mode", MODES)
def test_no_version_is_half_of_the_second_save_of_a_file(watched: "Watched", mode: "Mode") -> None:
    watched.start(mode=mode)
    subprocess.run([sys.executable, "-c", REOPENED], cwd=watched.root, check=True)
    assert halves(watched) == []
    assert watched.kept() == watched.on_disk()


@pytest.mark.parametrize("mode", MODES)
def test_what_a_comparison_finds_beside_saves_is_whole(
    new_watched: "Callable[[], Watched]", mode: "Mode"
) -> None:
    watched = new_watched()
    for number in range(50):
        (watched.root / f"{number}.c").write_bytes(b"end")
    with writing(watched, "50", "0", "0", "60"):
        for _ in range(10):
            watched.start(mode=mode)
            time.sleep(0.05)
            watched.stop()
    found = [fact for fact in watched.facts if isinstance(fact, Saved)]
    assert len(found) >= 500
    assert [fact for fact in found if fact.content == b""] == []
