"""What one student does without end takes nothing from another, in each mode that hears."""

import hashlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Missed, Saved

if TYPE_CHECKING:
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
