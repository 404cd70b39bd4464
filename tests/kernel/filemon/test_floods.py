"""What one student does without end takes nothing from another, in each mode that hears."""

import hashlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Missed, Saved

if TYPE_CHECKING:
    from collections.abc import Callable
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
    follower._shares._left[b"os-1-1"] = (0.0, time.monotonic())

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


@pytest.mark.parametrize("save", [write_over, rename_over])
def test_what_another_student_saves_before_a_storm_is_passed_over_is_told_as_it_was_saved(
    watched: "Watched", save: "Callable[[Path, bytes], None]"
) -> None:
    mine, others = watched.root / "os-1-1", watched.root / "os-1-2"
    for workspace in (mine, others):
        workspace.mkdir()
    monitor = watched.start()
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
