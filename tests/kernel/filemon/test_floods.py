"""What one student does without end takes nothing from another, in each mode that hears."""

import hashlib
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Missed, Saved, capture
from jcode_watcher.filemon.shares import SHARE_MAX, SHARE_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.kernel.filemon.watched import Watched

    from jcode_watcher.filemon import Mode

pytestmark = pytest.mark.kernel
FILES = 300
SAVES = 20
SAVE_SECONDS = 0.1
BACK_AT_ONCE = "moved out and in"
"""Where inotify tells names, what is back within 20 ms was never away."""
FLOODS = {
    "renamed": 'os.rename("d", "x"); os.rename("x", "d")',
    BACK_AT_ONCE: 'os.rename("d", "node_modules/d"); os.rename("node_modules/d", "d")',
    "exchanged": 'os.rename("d", "x"); os.rename("e", "d"); os.rename("x", "e")',
    "file by file": 'for i in range(300): os.rename(f"d/{i}.c", "d/x.c"); os.rename("d/x.c", f"d/{i}.c")',
    "made and removed": 'shutil.copytree("d", "new"); shutil.rmtree("new")',
}
PROGRAM = """
import os, shutil, sys, time
until = time.monotonic() + float(sys.argv[1])
while time.monotonic() < until:
    {}
    time.sleep(0.005)
"""


def write_over(file: "Path", content: bytes) -> None:
    file.write_bytes(content)


def rename_over(file: "Path", content: bytes) -> None:
    other = file.with_suffix(".tmp")
    other.write_bytes(content)
    other.rename(file)


@pytest.mark.parametrize("mode", ["handles", "descriptors", "inotify"])
@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_takes_nothing_from_another_student_and_is_right_in_the_end(
    watched: "Watched", flood: str, mode: "Mode"
) -> None:
    mine, others = watched.root / "os-1-1", watched.root / "os-1-2"
    for folder in ("d", "e", "node_modules"):
        (mine / folder).mkdir(parents=True)
    others.mkdir()
    for number in range(FILES):
        (mine / "d" / f"{number}.c").write_bytes(b"d%d" % number)
        (mine / "e" / f"{number}.c").write_bytes(b"e%d" % number)
    follower = watched.start(mode=mode)._follower
    assert follower is not None
    # As after so many moves before: the flood begins at once.
    follower._shares._full_at[b"os-1-1"] = time.monotonic() + SHARE_MAX / SHARE_PER_SECOND

    program = PROGRAM.format(FLOODS[flood])
    storm = subprocess.Popen([sys.executable, "-c", program, str(SAVES * SAVE_SECONDS)], cwd=mine)
    for number in range(SAVES):
        (others / "a.c").write_bytes(b"%d" % number)
        time.sleep(SAVE_SECONDS)
    assert storm.wait() == 0
    watched.settle()

    told = [fact.sha256 for fact in watched.facts if isinstance(fact, Saved) and fact.path == b"os-1-2/a.c"]
    assert told == [hashlib.sha256(b"%d" % number).hexdigest() for number in range(SAVES)]
    gaps = {(fact.reason, fact.workspace) for fact in watched.facts if isinstance(fact, Missed)}
    assert gaps <= {("workspace_flood", b"os-1-1")}
    assert gaps or (mode != "handles" and flood == BACK_AT_ONCE)
    assert watched.kept() == watched.on_disk()


LINK_STORM = """
import os, sys, time
for folder in "abc":
    os.mkdir(folder)
for k in range(100):
    open(f"a/{k}.c", "w").close()
until, i = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < until:
    k, i = i % 100, i + 1
    try:
        os.link(f"a/{k}.c", f"b/{k}.c")
    except FileExistsError:
        os.unlink(f"b/{k}.c")
    with open(f"a/{k}.c", "w") as file:
        file.write(str(i))
    try:
        os.rename(f"b/{k}.c", f"c/{k * 7 % 100}.c")
    except FileNotFoundError:
        pass
    if i % 200 == 0:
        os.rename("b", "x"), os.rename("c", "b"), os.rename("x", "c")
"""


@pytest.mark.parametrize(
    ("save", "mode"),
    [
        (write_over, "handles"),
        (write_over, "descriptors"),
        (write_over, "inotify"),
        # What was renamed over is named only by handles before its turn.
        (rename_over, "handles"),
    ],
)
def test_what_another_student_saves_before_a_storm_is_passed_over_is_told_as_it_was_saved(
    watched: "Watched", save: "Callable[[Path, bytes], None]", mode: "Mode"
) -> None:
    mine, others = watched.root / "os-1-1", watched.root / "os-1-2"
    for workspace in (mine, others):
        workspace.mkdir()
    monitor = watched.start(mode=mode)
    storm = subprocess.Popen([sys.executable, "-c", LINK_STORM, "3"], cwd=mine)
    saved = 0
    while storm.poll() is None:
        save(others / "a.c", b"%d" % saved)
        saved += 1
        time.sleep(SAVE_SECONDS / 4)
    assert storm.returncode == 0
    watched.settle()

    told = [fact.sha256 for fact in watched.facts if isinstance(fact, Saved) and fact.path == b"os-1-2/a.c"]
    assert told == [hashlib.sha256(b"%d" % number).hexdigest() for number in range(saved)]
    assert monitor.counters().read_early > 0
    assert watched.kept() == watched.on_disk()


OUT_AND_IN = """
import os, sys
print(flush=True)
while True:
    os.rename("d", sys.argv[1])
    os.rename(sys.argv[1], "d")
"""


@contextmanager
def out_and_in(watched: "Watched") -> "Iterator[subprocess.Popen[bytes]]":
    """Have a folder of a student moved out and back as fast as can be."""
    mine = watched.root / "os-1-1"
    (mine / "d").mkdir(parents=True)
    for number in range(FILES):
        (mine / "d" / f"{number}.c").write_bytes(b"%d" % number)
    command = [sys.executable, "-c", OUT_AND_IN, str(watched.outside / "d")]
    with subprocess.Popen(command, cwd=mine, stdout=subprocess.PIPE) as storm:
        assert storm.stdout
        storm.stdout.readline()
        yield storm
        storm.kill()


@pytest.mark.parametrize("mode", ["handles", "descriptors", "inotify"])
def test_a_folder_that_goes_out_and_in_without_a_pause_takes_nothing_from_another_student(
    watched: "Watched", mode: "Mode"
) -> None:
    file = watched.root / "os-1-2" / "a.c"
    file.parent.mkdir()
    watched.start(mode=mode)
    with out_and_in(watched):
        for number in range(SAVES):
            file.write_bytes(b"%d" % number)
            time.sleep(SAVE_SECONDS)
    watched.settle()
    told = [fact.sha256 for fact in watched.facts if isinstance(fact, Saved) and fact.path == b"os-1-2/a.c"]
    assert told == [hashlib.sha256(b"%d" % number).hexdigest() for number in range(SAVES)]
    assert watched.kept() == watched.on_disk()


@pytest.mark.parametrize("mode", ["handles", "descriptors", "inotify"])
def test_an_end_amid_a_storm_does_not_wait_for_its_end_and_the_next_start_finds_the_rest(
    watched: "Watched", mode: "Mode", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "END_SECONDS", 0.2)
    watched.start(mode=mode)
    with out_and_in(watched) as storm:
        time.sleep(1.0)
        watched.stop()
        assert storm.poll() is None
    watched.start(watched.known().items(), mode=mode)
    watched.settle()
    assert watched.kept() == watched.on_disk()
