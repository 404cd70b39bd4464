"""A student who links to own files outside the root, as fast as can be: nothing written there is kept."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.filemon.attacker import NOBODY
from tests.kernel.filemon.places import making_watched, making_watched_without_handles
from tests.kernel.filemon.watched import Watched

from jcode_watcher.filemon import Mode, Saved, looking
from jcode_watcher.filemon.looking import Looker

pytestmark = pytest.mark.kernel
SECRET = b"written outside"
PROGRAM = """
import ctypes, os, sys, time
inside, outside, nobody = sys.argv[1:]
os.setgroups([]), os.setgid(int(nobody)), os.setuid(int(nobody))
secret = os.path.join(outside, "secret.c")
libc = ctypes.CDLL(None)

def exchange(one, other):
    libc.renameat2(-100, one.encode(), -100, other.encode(), 2)

def write(path, content):
    with open(path, "wb") as file:
        file.write(content)

write(secret, b"written outside")
os.chdir(inside)
for folder in "de":
    os.mkdir(folder)
{}
"""
ATTACKS = {
    "passing through": """
for i in range(500):
    os.link(secret, "t.tmp"), os.rename("t.tmp", "w.c"), os.unlink("w.c")
""",
    "passing through at leisure": """
for i in range(100):
    os.link(secret, "t.tmp"), os.rename("t.tmp", "w.c"), os.unlink("w.c")
    time.sleep(0.001 * (i % 5))
""",
    "over a file of one's own": """
for i in range(300):
    write("w.c", b"harmless")
    os.link(secret, "t.tmp"), os.rename("t.tmp", "w.c"), os.unlink("w.c")
""",
    "over a file of one's own, beside a link that stays": """
os.link(secret, "stays.c")
for i in range(300):
    write("w.c", b"harmless")
    os.link(secret, "t.tmp"), os.rename("t.tmp", "w.c"), os.unlink("w.c")
""",
    "one link under many names, beside one that stays": """
os.link(secret, "stays.c")
for i in range(100):
    os.link(secret, "b.c"), os.rename("b.c", "c.c"), os.rename("c.c", "d.c"), os.unlink("d.c")
    time.sleep(0.001 * (i % 6))
""",
    "one link under two names by turns, written to outside": """
os.link(secret, "stays.c"), os.link(secret, "b.c")
for i in range(2000):
    os.rename("b.c", "c.c"), os.rename("c.c", "b.c")
    if i % 10 == 0:
        write(secret, b"written outside %d" % i)
""",
    "folders exchanged once the link in one is gone": """
os.link(secret, "stays.c"), os.link(secret, "d/b.c")
for i in range(300):
    os.link(secret, "e/b.c"), os.unlink("e/b.c"), exchange("d", "e")
    write(secret, b"written outside %d" % i)
    exchange("d", "e")
""",
    "a folder that goes out with a link in it": """
os.link(secret, "stays.c"), os.link(secret, "d/b.c")
for i in range(200):
    os.rename("d", os.path.join(outside, "d")), write(secret, b"written outside %d" % i)
    time.sleep(0.001 * (i % 3))
    os.rename(os.path.join(outside, "d"), "d")
""",
}
PLACES = {
    "handles": making_watched,
    "descriptors": making_watched_without_handles,
    "inotify": making_watched,
}

COARSE = "handles, with two looks as where times are coarse"


@pytest.fixture(params=[*PLACES, COARSE])
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Mode:
    if request.param != COARSE:
        mode: Mode = request.param
        return mode
    monkeypatch.setattr(looking, "has_fine_times", lambda _: False)
    return "handles"


@pytest.fixture
def watched(new_watched: object, mode: Mode) -> Iterator[Watched]:  # noqa: ARG001 - skips without privilege
    """A root and an outside on one file system, both a student's own."""
    with tempfile.TemporaryDirectory(prefix="jcode-watcher-test-") as name:
        place = Path(name)
        place.chmod(0o755)
        with PLACES[mode](place) as make:
            watched = make()
            for folder in (watched.root, watched.outside):
                folder.chmod(0o777)
            yield watched


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_link_brings_what_is_written_outside(watched: Watched, mode: Mode, attack: str) -> None:
    watched.start(mode=mode)
    program = PROGRAM.format(ATTACKS[attack])
    subprocess.run([sys.executable, "-c", program, watched.root, watched.outside, str(NOBODY)], check=True)
    (watched.root / "after.c").write_bytes(b"1")
    watched.saved("after.c", b"1")
    watched.settle()
    watched.stop()
    told = [fact for fact in watched.facts if isinstance(fact, Saved)]
    assert [fact for fact in told if SECRET in (fact.content or b"")] == []


LINKER = """
import os, sys
for i in range(30000):
    os.link(sys.argv[1], sys.argv[2])
    os.unlink(sys.argv[2])
"""


@pytest.mark.parametrize("fine_times", [True, False])
def test_a_name_that_is_just_being_removed_is_no_place_of_its_file(
    tmp_path: Path, *, fine_times: bool
) -> None:
    """For a moment it can be looked up when its file has lost it already, and only has a name outside."""
    inside, secret = tmp_path / "inside", tmp_path / "secret.c"
    inside.mkdir()
    secret.write_bytes(SECRET)
    opened, root = os.open(secret, os.O_RDONLY), os.open(inside, os.O_PATH)
    looker = Looker(root, fine_times=fine_times)
    with subprocess.Popen([sys.executable, "-c", LINKER, secret, inside / "w.c"]) as linker:
        looks = []
        while linker.poll() is None:
            looks.append(looker.look(opened, b"w.c", 1, 100, 0))
    assert linker.returncode == 0
    assert any(look.content == SECRET for look in looks)
    assert [look for look in looks if look.content and look.in_place and not look.changed] == []
    os.close(opened)
    os.close(root)
