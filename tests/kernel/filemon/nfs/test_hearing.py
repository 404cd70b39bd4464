"""What is heard on NFS, and what only a comparison finds."""

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Deleted, FileMonitor, Saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.nfs.conftest import Server
    from tests.kernel.filemon.watched import Watched

    from jcode_watcher.filemon import Fact, Mode

pytestmark = pytest.mark.kernel
HEARING = ("descriptors", "inotify")
COMPARE_SECONDS = 1.0
FILES_MAX = 100
HELD = """
import os, sys
os.chdir(sys.argv[1])
file = open("a.c")
print("open", flush=True)
input()
os.unlink("a.c")
print("deleted", flush=True)
input()
"""


@pytest.fixture(params=HEARING)
def heard(new_watched: "Callable[[], Watched]", request: pytest.FixtureRequest) -> "Watched":
    watched = new_watched()
    watched.start(mode=request.param, compare_seconds=3600.0)
    return watched


def test_descriptors_are_taken_and_why_is_said(watched: "Watched") -> None:
    monitor = FileMonitor(watched.root, watched.deliver, wants=bool, prunes=lambda _: False)
    assert monitor.start() == "descriptors"
    monitor.stop()
    (why,) = monitor.passed_over
    assert "nfs4" in why


@pytest.mark.parametrize("mode", HEARING)
def test_a_write_through_another_mount_on_the_node_is_heard(
    watched: "Watched", server: "Server", mode: "Mode"
) -> None:
    watched.start(mode=mode)
    student = server.through("student", watched.root)
    (student / "new").mkdir()
    watched.settle()
    with subprocess.Popen(["sh", "-c", "echo 1 > new/a.c"], cwd=student) as shell:
        shell.wait()
    saved = watched.saved("new/a.c", b"1\n")
    assert saved.how == "closed"
    assert saved.pid == (shell.pid if mode == "descriptors" else 0)
    (student / "new" / "a.c").rename(student / "b.c")
    (student / "b.c").unlink()
    watched.settle()
    assert watched.kept() == {}


@pytest.mark.parametrize("place", ["elsewhere", "export"])
def test_what_another_node_writes_is_found_by_a_comparison(
    new_watched: "Callable[[], Watched]", server: "Server", place: str
) -> None:
    watched = new_watched()
    for name in ("same.c", "changed.c", "gone.c"):
        (watched.root / name).write_bytes(b"1")
    watched.start(mode="descriptors", compare_seconds=COMPARE_SECONDS)
    watched.settle()
    watched.facts.clear()
    other = server.through(place, watched.root)
    (other / "changed.c").write_bytes(b"22")
    (other / "gone.c").unlink()
    (other / "new").mkdir()
    (other / "new" / "a.c").write_bytes(b"3")
    assert watched.saved("changed.c", b"22").how == "rescan"
    assert watched.saved("new/a.c", b"3").pid == 0
    watched.wait_for(lambda f: isinstance(f, Deleted) and f.path == b"gone.c" and f.how == "rescan")
    (watched.root / "new" / "a.c").write_bytes(b"4")
    assert watched.saved("new/a.c", b"4").how == "closed"


@pytest.mark.parametrize("mode", [*HEARING, "rescan"])
def test_what_happened_between_two_runs_is_found_and_nothing_else_is_told(
    new_watched: "Callable[[], Watched]", mode: "Mode"
) -> None:
    watched = new_watched()
    for name in ("same.c", "changed.c", "gone.c", "replaced.c"):
        (watched.root / name).write_bytes(b"1")
    watched.start(mode=mode).wait_scanned(10)
    watched.stop()
    known = watched.known()
    (watched.root / "changed.c").write_bytes(b"22")
    (watched.root / "gone.c").unlink()
    (watched.root / "tmp").write_bytes(b"333")
    (watched.root / "tmp").rename(watched.root / "replaced.c")
    watched.facts.clear()
    assert watched.start(known.items(), mode=mode).wait_scanned(10) == 3
    watched.stop()
    assert sorted(watched.told()) == ["rescan changed.c b'22'", "rescan gone.c", "rescan replaced.c b'333'"]


def test_a_file_that_is_deleted_while_it_is_open_is_told_as_deleted(heard: "Watched") -> None:
    for name in ("a.c", "b.c"):
        (heard.root / name).write_bytes(b"1")
    heard.settle()
    program = ["python3", "-c", HELD, str(heard.root)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"deleted\n"
        assert any(name.startswith(".nfs") for name in os.listdir(heard.root))  # noqa: PTH208
        gone = heard.wait_for(lambda f: isinstance(f, Deleted) and f.path == b"a.c")
        assert isinstance(gone, Deleted)
        assert gone.how == "deleted"
        holder.communicate(b"\n")
    heard.settle()
    assert heard.kept() == heard.on_disk()
    assert not [f for f in heard.facts if isinstance(f, Saved) and b".nfs" in f.path]


def test_a_save_that_is_deleted_at_once_leaves_nothing_behind(heard: "Watched") -> None:
    for number in range(50):
        (heard.root / f"{number}.c").write_bytes(b"1")
        (heard.root / f"{number}.c").unlink()
    heard.settle()
    assert heard.kept() == heard.on_disk() == {}


def test_a_file_that_takes_the_inode_number_of_a_deleted_one_is_another(heard: "Watched") -> None:
    def deleted(fact: "Fact") -> bool:
        return isinstance(fact, Deleted) and fact.previous_sha256 == saved.sha256

    inodes: list[int] = []
    while len(inodes) == len(set(inodes)):
        assert len(inodes) < FILES_MAX, "no number was taken again, so nothing is proven"
        content = b"%d" % len(inodes)
        (heard.root / "a.c").write_bytes(content)
        saved = heard.saved("a.c", content)
        inodes.append((heard.root / "a.c").stat().st_ino)
        (heard.root / "a.c").unlink()
        # A name that is taken again before anybody looked may be told as that of one file.
        heard.wait_for(deleted)
    heard.settle()
    told = [f for f in heard.facts if b"settled" not in getattr(f, "path", b"")]
    assert [type(f) for f in told] == [Saved, Deleted] * len(inodes)
