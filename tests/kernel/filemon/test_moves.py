"""Moves of files and folders: in, out, within, over one another, and two at a time."""

import ctypes
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
RENAME_EXCHANGE = 2


def exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.renameat2(-100, bytes(one), -100, bytes(other), RENAME_EXCHANGE)
    assert done == 0, os.strerror(ctypes.get_errno())


def files(watched: "Watched", **contents: bytes) -> None:
    """Make files; `a__b` in a name stands for the path a/b.c."""
    for name, content in contents.items():
        path = watched.root / (name.replace("__", "/") + ".c")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_a_file_gets_another_wanted_name(watched: "Watched") -> None:
    watched.start()
    files(watched, a=b"1")
    watched.settle()
    (watched.root / "a.c").rename(watched.root / "b.c")
    watched.settle()
    assert watched.told() == ["closed a.c b'1'", "moved a.c b.c"]


def test_a_save_that_is_renamed_at_once_is_told_before_the_move(watched: "Watched") -> None:
    watched.start()
    for i in range(20):
        files(watched, tmp=b"%d" % i)
        (watched.root / "tmp.c").rename(watched.root / "main.c")
        watched.settle()
        assert watched.told()[-2:] == [f"closed tmp.c b'{i}'", "moved tmp.c main.c"]
    assert watched.kept() == watched.on_disk()


def test_a_file_moved_over_another_replaces_it(watched: "Watched") -> None:
    watched.start()
    files(watched, a=b"1", b=b"2")
    watched.settle()
    (watched.root / "a.c").rename(watched.root / "b.c")
    watched.settle()
    assert watched.told()[2:] == ["moved a.c b.c"]
    assert watched.kept() == watched.on_disk()


def test_files_come_in_and_go_out(watched: "Watched") -> None:
    watched.start()
    (watched.outside / "a.c").write_bytes(b"1")
    (watched.outside / "a.c").rename(watched.root / "a.c")
    watched.settle()
    (watched.root / "a.c").rename(watched.outside / "a.c")
    watched.settle()
    assert watched.told() == ["moved_in a.c b'1'", "moved_out a.c"]


def test_two_files_that_change_places_are_both_read_again(watched: "Watched") -> None:
    watched.start()
    files(watched, a=b"1", b=b"2")
    watched.settle()
    exchange(watched.root / "a.c", watched.root / "b.c")
    watched.settle()
    assert sorted(watched.told()[2:]) == ["exchanged a.c b'2'", "exchanged b.c b'1'"]


def test_an_unwanted_file_that_changes_places_with_a_wanted_one_is_a_save(watched: "Watched") -> None:
    watched.start()
    files(watched, a=b"1")
    watched.settle()
    for i in range(2, 12):
        (watched.root / "new.tmp").write_bytes(b"%d" % i)
        exchange(watched.root / "new.tmp", watched.root / "a.c")
        watched.settle()
        exchange(watched.root / "a.c", watched.root / "new.tmp")
        watched.settle()
    assert not [told for told in watched.told() if "deleted" in told or "moved_out" in told]
    assert watched.kept() == watched.on_disk()


def test_a_folder_moves_with_all_that_is_in_it_and_is_followed(watched: "Watched") -> None:
    watched.start()
    files(watched, hw1__a__x=b"1", hw1__a__b__y=b"2")
    watched.settle()
    (watched.root / "hw1" / "a").rename(watched.root / "hw1" / "z")
    files(watched, hw1__z__b__n__w=b"3", hw1__z__x=b"4")
    watched.settle()
    assert sorted(watched.told()[2:4]) == ["moved hw1/a/b/y.c hw1/z/b/y.c", "moved hw1/a/x.c hw1/z/x.c"]
    assert watched.kept() == watched.on_disk()


def test_a_folder_that_goes_out_deletes_and_is_not_followed(watched: "Watched") -> None:
    watched.start()
    files(watched, p__a__x=b"1", p__y=b"2")
    watched.settle()
    (watched.root / "p").rename(watched.outside / "p")
    (watched.outside / "p" / "a" / "x.c").write_bytes(b"secret")
    watched.settle()
    assert sorted(watched.told()[2:]) == ["moved_out p/a/x.c", "moved_out p/y.c"]


def test_a_folder_that_comes_in_is_looked_through_and_followed(watched: "Watched") -> None:
    watched.start()
    (watched.outside / "p" / "a").mkdir(parents=True)
    (watched.outside / "p" / "a" / "x.c").write_bytes(b"1")
    # So that the folder is known to be outside.
    (watched.outside / "p" / "a" / "x.c").write_bytes(b"2")
    watched.settle()
    (watched.outside / "p").rename(watched.root / "p")
    watched.settle()
    (watched.root / "p" / "a" / "x.c").write_bytes(b"3")
    watched.settle()
    assert watched.told() == ["moved_in p/a/x.c b'2'", "closed p/a/x.c b'3'"]


def test_a_folder_that_goes_out_and_comes_back_is_told_so(watched: "Watched") -> None:
    watched.start()
    files(watched, p__x=b"1")
    watched.settle()
    (watched.root / "p").rename(watched.outside / "p")
    (watched.outside / "p").rename(watched.root / "q")
    watched.settle()
    assert watched.told() == ["closed p/x.c b'1'", "moved_out p/x.c", "moved_in q/x.c b'1'"]


def test_two_folders_that_change_places_leave_every_path_right(watched: "Watched") -> None:
    watched.start()
    files(watched, p__x=b"1", p__only=b"2", q__x=b"3", q__d__deep=b"4")
    watched.settle()
    exchange(watched.root / "p", watched.root / "q")
    watched.settle()
    assert sorted(watched.told()[4:]) == [
        "exchanged p/d/deep.c b'4'",
        "exchanged p/x.c b'3'",
        "exchanged q/only.c b'2'",
        "exchanged q/x.c b'1'",
        "moved_out p/only.c",
        "moved_out q/d/deep.c",
    ]
    files(watched, p__x=b"5", q__x=b"6")
    watched.settle()
    assert watched.kept() == watched.on_disk()


def test_a_file_and_a_folder_that_change_places_leave_every_path_right(watched: "Watched") -> None:
    watched.start()
    files(watched, a=b"1", d__x=b"2")
    watched.settle()
    exchange(watched.root / "a.c", watched.root / "d")
    watched.settle()
    assert watched.kept() == watched.on_disk()


def test_names_that_are_passed_around_at_once_end_as_on_the_disk(watched: "Watched") -> None:
    watched.start()
    files(watched, a=b"1", d__x=b"2")
    watched.settle()
    for _ in range(31):
        (watched.root / "a.c").rename(watched.root / "b.c")
        (watched.root / "b.c").rename(watched.root / "a.c")
        (watched.root / "d").rename(watched.root / "e")
        (watched.root / "e").rename(watched.root / "d")
    (watched.root / "a.c").rename(watched.root / "b.c")
    (watched.root / "d").rename(watched.root / "e")
    watched.settle()
    files(watched, e__x=b"3")
    watched.settle()
    assert watched.kept() == watched.on_disk()


def test_a_folder_whose_new_path_makes_files_wanted_is_looked_through(watched: "Watched") -> None:
    watched.start(wants=lambda path: path.startswith((b"hw1/", b"settled")) and path.endswith(b".c"))
    files(watched, draft__x=b"1")
    watched.settle()
    (watched.root / "draft").rename(watched.root / "hw1")
    watched.settle()
    (watched.root / "hw1").rename(watched.root / "old")
    watched.settle()
    assert watched.told() == ["moved_in hw1/x.c b'1'", "moved_out hw1/x.c"]


def test_nothing_below_a_pruned_folder_is_told_until_it_moves_out_of_it(watched: "Watched") -> None:
    watched.start()
    files(watched, node_modules__p__x=b"1", a__y=b"2")
    watched.settle()
    (watched.root / "node_modules" / "p").rename(watched.root / "p")
    watched.settle()
    (watched.root / "a").rename(watched.root / "node_modules" / "a")
    watched.settle()
    files(watched, node_modules__a__y=b"3")
    watched.settle()
    assert watched.told() == ["closed a/y.c b'2'", "moved_in p/x.c b'1'", "moved_out a/y.c"]


def test_a_folder_that_is_renamed_to_a_pruned_name_and_back_is_told_so(watched: "Watched") -> None:
    watched.start()
    files(watched, a__b__y=b"1")
    watched.settle()
    (watched.root / "a").rename(watched.root / "node_modules")
    watched.settle()
    files(watched, node_modules__b__y=b"2")
    watched.settle()
    (watched.root / "node_modules").rename(watched.root / "a")
    watched.settle()
    files(watched, a__b__y=b"3")
    watched.settle()
    assert watched.told() == [
        "closed a/b/y.c b'1'",
        "moved_out a/b/y.c",
        "moved_in a/b/y.c b'2'",
        "closed a/b/y.c b'3'",
    ]


def test_new_folders_at_any_depth_lose_nothing(watched: "Watched") -> None:
    watched.start()
    subprocess.run(
        ["bash", "-c", "for i in $(seq 40); do mkdir -p n$i/a/b/c && echo $i > n$i/a/b/c/f.c; done"],
        cwd=watched.root,
        check=True,
    )
    watched.settle()
    assert len(watched.told()) == 40
    assert watched.kept() == watched.on_disk()


def test_a_removed_tree_is_told_file_by_file(watched: "Watched") -> None:
    watched.start()
    files(watched, **{f"p__{i}__a__x": b"1" for i in range(30)})
    watched.settle()
    subprocess.run(["rm", "-rf", "p"], cwd=watched.root, check=True)
    watched.settle()
    assert sorted(watched.told()[30:]) == sorted(f"deleted p/{i}/a/x.c" for i in range(30))
    assert watched.monitor is not None
    assert watched.monitor.counters().folders == 1
