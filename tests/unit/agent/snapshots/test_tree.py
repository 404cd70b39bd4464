"""The tree on a real file system, and what a crash at any moment leaves."""

import errno
import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from jcode_watcher.agent.snapshots import names
from jcode_watcher.agent.snapshots.errors import NotWritten, TreeUnusable
from jcode_watcher.agent.snapshots.layout import Place
from jcode_watcher.agent.snapshots.tree import Tree

PLACE = Place((b"os-1", b"hw1", b"7", b"src@a.c"), b".c")
FOLDER = "os-1/hw1/7/src@a.c"
AT = 1_735_732_861_500_000_000
STEPS = ("open", "write", "utime", "fsync", "link", "rename", "unlink", "mkdir", "dup", "close")


def write(base: Path, key: bytes, content: bytes, time_ns: int = AT, place: Place = PLACE) -> None:
    with Tree(base, "n1").opened(0) as tree:
        tree.write(key, place, time_ns, content)
        tree.sync()


def versions(base: Path, folder: str = FOLDER) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((base / folder).iterdir())}


def test_versions_of_one_second_take_the_seconds_after_it_in_their_order(tmp_path: Path) -> None:
    for number, content in enumerate([b"one", b"two", b"one"]):
        write(tmp_path, b"a.%d" % number, content, AT + number)
    write(tmp_path, b"a.9", b"next", AT + 1_000_000_000)

    assert versions(tmp_path) == {
        "20250101_120101.c": b"one",
        "20250101_120102.c": b"two",
        "20250101_120103.c": b"one",
        "20250101_120104.c": b"next",
    }
    written = tmp_path / FOLDER / "20250101_120103.c"
    assert written.stat().st_mtime_ns == AT + 2
    assert written.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("before", ["file", "link", "folder"])
def test_nothing_that_is_there_is_written_over_or_through(tmp_path: Path, before: str) -> None:
    (tmp_path / "outside").write_bytes(b"mine")
    base = tmp_path / "base"
    taken = base / FOLDER / "20250101_120101.c"
    taken.parent.mkdir(parents=True)
    match before:
        case "file":
            taken.write_bytes(b"older")
        case "link":
            taken.symlink_to(tmp_path / "outside")
        case _:
            taken.mkdir()

    write(base, b"a.1", b"new")

    assert (taken.parent / "20250101_120102.c").read_bytes() == b"new"
    assert (tmp_path / "outside").read_bytes() == b"mine"
    assert before != "file" or taken.read_bytes() == b"older"


@pytest.mark.parametrize("level", range(4))
def test_no_link_in_the_tree_is_followed(tmp_path: Path, level: int) -> None:
    outside, base = tmp_path / "outside", tmp_path / "base"
    outside.mkdir()
    at = base.joinpath(*map(os.fsdecode, PLACE.folders[: level + 1]))
    at.parent.mkdir(parents=True)
    at.symlink_to(outside)

    with pytest.raises(NotWritten) as refused:
        write(base, b"a.1", b"x")

    assert refused.value.reason == "not_a_folder"
    assert list(outside.iterdir()) == []


def test_the_agents_own_folder_is_no_link_either(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    base = tmp_path / "base"
    base.mkdir()
    (base / ".jcode-watcher").symlink_to(tmp_path / "outside")

    with pytest.raises(TreeUnusable):
        write(base, b"a.1", b"x")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_base_that_is_absent_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(TreeUnusable) as refused:
        write(tmp_path / "base", b"a.1", b"x")

    assert refused.value.reason == "absent"
    assert list(tmp_path.iterdir()) == []


def test_the_room_that_is_to_be_left_is_left(tmp_path: Path) -> None:
    with pytest.raises(TreeUnusable) as refused, Tree(tmp_path, "n1").opened(1 << 60):
        pytest.fail("opened all the same")

    assert refused.value.reason == "no_space"
    assert "--snapshots-free-bytes-min" in str(refused.value)


def dies_at(step: int, work: Callable[[], None], *, before: bool) -> bool:
    """Do it in a process that is killed at its n-th system call, done or not; tell whether it came so far."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    calls = 0

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def last(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            try:
                return None if before and calls == step else call(*arguments, **named)
            finally:
                if calls == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        return last

    try:
        for name in STEPS:
            setattr(os, name, deadly(getattr(os, name)))
        work()
    finally:
        os._exit(0)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("earlier", [0, 1])
def test_a_kill_at_any_step_neither_loses_nor_doubles_a_version(
    tmp_path: Path, earlier: int, *, before: bool
) -> None:
    step, died = 0, True
    while died:
        step += 1
        base = tmp_path / str(step)
        base.mkdir()
        for number in range(earlier):
            write(base, b"a.%d" % number, b"same")
        died = dies_at(step, partial(write, base, b"a.2", b"same", AT + 1), before=before)
        write(base, b"a.2", b"same", AT + 1)

        expected = {f"20250101_12010{second}.c": b"same" for second in range(1, 2 + earlier)}
        assert versions(base) == expected, step
    assert step > 15


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_at_any_step_of_a_storm_leaves_the_last_state_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    monkeypatch.setattr(names, "LATER_SECONDS_MAX", 2)

    def storm(base: Path) -> None:
        for number in range(4):
            # After a kill, one whose name a later one took finds none any more.
            with suppress(NotWritten):
                write(base, b"a.%d" % number, b"%d" % number, AT + number)

    step, died = 0, True
    while died:
        step += 1
        base = tmp_path / str(step)
        base.mkdir()
        died = dies_at(step, partial(storm, base), before=before)
        storm(base)

        assert versions(base) == {"20250101_120101.c": b"0", "20250101_120102.c": b"3"}, step
    assert step > 60


def test_what_is_forgotten_leaves_the_version_alone(tmp_path: Path) -> None:
    write(tmp_path, b"a.1", b"x")

    with Tree(tmp_path, "n1").opened(0) as tree:
        assert tree.begun() == [b"a.1"]
        tree.forget([b"a.1", b"a.2"])
        assert tree.begun() == []

    assert versions(tmp_path) == {"20250101_120101.c": b"x"}
    assert (tmp_path / FOLDER / "20250101_120101.c").stat().st_nlink == 1


def test_agents_of_several_nodes_share_a_base(tmp_path: Path) -> None:
    write(tmp_path, b"a.1", b"x")

    with Tree(tmp_path, "n2/../x").opened(0) as tree:
        assert tree.begun() == []
        tree.write(b"b.1", PLACE, AT, b"y")

    assert sorted(versions(tmp_path).values()) == [b"x", b"y"]


def test_the_newest_version_is_read_through_no_link(tmp_path: Path) -> None:
    write(tmp_path, b"a.1", b"old")
    write(tmp_path, b"a.2", b"new", AT + 5)
    with Tree(tmp_path, "n1").opened(0) as tree:
        assert tree.newest(PLACE) == b"new"
        (tmp_path / FOLDER / "20990101_000000.c").symlink_to("/etc/passwd")
        with pytest.raises(NotWritten):
            tree.newest(PLACE)
        assert tree.newest(PLACE._replace(folders=(b"os-1", b"hw1", b"7", b"other.c"))) is None


def test_a_folder_that_takes_no_names_holds_up_no_other(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    if subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("making a folder immutable needs root, and a file system that knows it")
    try:
        with pytest.raises(NotWritten) as refused:
            write(tmp_path, b"a.1", b"x")
    finally:
        subprocess.run(["chattr", "-i", str(folder)], check=True)

    assert refused.value.reason == "refused"
    with Tree(tmp_path, "n1").opened(0) as tree:
        assert tree.begun() == []


def test_a_file_system_without_hard_links_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(TreeUnusable) as refused:
        write(tmp_path, b"a.1", b"x")

    assert refused.value.reason == "no_hard_links"
    with Tree(tmp_path, "n1").opened(0) as tree:
        assert tree.begun() == []
