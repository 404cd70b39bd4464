from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.agent.conftest import courses

from jcode_watcher.agent.placing.kinds import KINDS, Kind
from jcode_watcher.agent.placing.sources import REMEMBERED_BYTES_MAX, REMEMBERED_MAX, Sources

HW = b"os-1-2020/hw1/"
BY_DEFAULT = Sources(courses())
wants, prunes = BY_DEFAULT.wants, BY_DEFAULT.prunes


@pytest.mark.parametrize(
    "suffix",
    b"c h cpp hpp cc cxx hh hxx c++ C py ipynb java js mjs ts tsx rs go".split(),
)
def test_source_files_of_an_assignment_are_wanted(suffix: bytes) -> None:
    assert wants(HW + b"deep/er/a." + suffix)


@pytest.mark.parametrize(
    "path",
    [
        HW + b"a.out",
        HW + b"Makefile",
        HW + b".c",
        HW + b"..c",
        HW + b"input.txt",
        HW + b"CMakeLists.txt",
        HW + b".#a.c",
        HW + b"._a.c",
        HW + b".git/a.c",
        HW + b"venv/lib/a.py",
        HW + b"lib/python3.12/a.py",
        HW + b"x/node_modules/y/a.py",
        b"os-1-2020/a.c",
        b"os-1-2020/notes/a.c",
        b"somebody/hw1/a.c",
        b"a.c",
    ],
)
def test_other_files_are_not(path: bytes) -> None:
    assert not wants(path)


@pytest.mark.parametrize("folder", [b"lib", b"lib/src", b"src/lib", b"python", b"environment"])
def test_a_students_own_folders_are_kept(folder: bytes) -> None:
    assert not prunes(HW + folder)
    assert wants(HW + folder + b"/a.c")


@pytest.mark.parametrize(
    "folder",
    [
        b"lost+found",
        b"os-1-2020/notes",
        b"os-1-2020/.cache",
        HW + b".venv",
        HW + b"env",
        HW + b"lib/python3.11",
    ],
)
def test_what_holds_no_work_of_the_students_is_never_looked_into(folder: bytes) -> None:
    assert prunes(folder)


@given(st.lists(st.binary(min_size=1, max_size=8).filter(lambda p: b"/" not in p), min_size=1, max_size=6))
def test_what_lies_below_a_pruned_folder_is_never_wanted(parts: list[bytes]) -> None:
    folder = HW + b"/".join(parts)

    assert not (prunes(folder) and wants(folder + b"/a.c"))


def in_os(**rules: object) -> Sources:
    return Sources(courses(courses={"os": rules}))


def test_every_kind_is_in_the_table() -> None:
    assert set(get_args(Kind)) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("makefile", [b"Makefile", b"makefile", b"GNUmakefile", b"rules.mk"]),
        ("cmake", [b"CMakeLists.txt", b"find.cmake"]),
        ("text", [b"input.txt", b"1.in", b"marks.csv"]),
    ],
)
def test_what_is_no_source_by_itself_can_be_switched_on_for_a_course(kind: str, names: list[bytes]) -> None:
    sources = in_os(source_kind=["c", kind])

    for name in names:
        assert sources.wants(HW + name)
        assert not wants(HW + name)
        assert not sources.wants(b"db-1-2020/hw1/" + name)
    assert sources.wants(HW + b"a.c")
    assert not sources.wants(HW + b"a.py")


def test_a_course_names_suffixes_and_files_of_its_own() -> None:
    sources = in_os(source_kind=[], source_suffix=[".SQL"], source_name=["Dockerfile", ".env.example"])

    assert all(sources.wants(HW + name) for name in (b"a.sql", b"b.Sql", b"Dockerfile", b".env.example"))
    assert not any(sources.wants(HW + name) for name in (b"a.c", b"dockerfile", b"._a.sql", b".sql"))


@pytest.mark.parametrize(
    ("pattern", "folders", "others"),
    [
        ("lab<n>", [b"lab1", b"lab007"], [b"lab", b"labx", b"lab1x", b"hw1", b"Lab1"]),
        ("<n>-week", [b"3-week"], [b"-week", b"week"]),
        ("*", [b"project", b"a b", "가".encode(), b"\xff"], [b".config", b".git", b"node_modules"]),
        ("exam*", [b"exam", b"exam-2"], [b"my-exam"]),
        ("a.b", [b"a.b"], [b"axb"]),
        ("final exam", [b"final exam"], [b"final"]),
    ],
)
def test_a_course_says_what_its_assignments_are_called(
    pattern: str, folders: list[bytes], others: list[bytes]
) -> None:
    sources = in_os(assignment=[pattern])

    for folder in folders:
        assert not sources.prunes(b"os-1-2020/" + folder)
        assert sources.wants(b"os-1-2020/" + folder + b"/a.c")
    for folder in others:
        assert sources.prunes(b"os-1-2020/" + folder)
    assert wants(b"db-1-2020/hw1/a.c")


def test_a_course_says_which_folders_are_ignored_and_hidden_ones_always_are() -> None:
    sources = in_os(ignored_folder=["build", "cmake-*"])

    pruned = [b"build", b"src/build", b"cmake-debug", b".git", b"lib/python3.12"]
    assert all(sources.prunes(HW + folder) for folder in pruned)
    assert not any(sources.prunes(HW + folder) for folder in [b"env", b"node_modules", b"builds", b"lib"])
    assert in_os(ignored_folder=[]).wants(HW + b"venv/a.c")


def test_a_course_has_a_limit_of_its_own() -> None:
    sources = Sources(courses(content_bytes_max=10, courses={"os": {"content_bytes_max": 20}}))

    assert sources.content_bytes_max_of(HW + b"deep/a.c") == 20
    assert sources.content_bytes_max_of(b"db-1-2020/hw1/a.c") == 10


@given(
    st.lists(st.sampled_from([b"os-1-2", b"db-1-2", b"hw1", b"lab1", b"build", b"lib", b"a.c"]), max_size=5),
    st.lists(st.sampled_from([b"os-1-2", b"hw1", b"lab1", b"env", b"a.c"]), max_size=4),
)
def test_a_path_is_judged_the_same_however_often_and_after_whatever(
    parts: list[bytes], between: list[bytes]
) -> None:
    rules = courses(courses={"os": {"assignment": ["lab<n>"], "ignored_folder": ["build"]}})
    sources, path = Sources(rules), b"/".join(parts)

    first = (sources.wants(path), sources.prunes(path))
    sources.prunes(b"/".join(between))

    assert (sources.wants(path), sources.prunes(path)) == first
    assert (Sources(rules).wants(path), Sources(rules).prunes(path)) == first


def test_neither_many_folders_nor_deep_ones_fill_the_memory() -> None:
    sources = Sources(courses())
    for number in range(REMEMBERED_MAX + 10):
        assert sources.wants(HW + b"%d/a.c" % number)
    assert sources._remembered.cache_info().currsize == REMEMBERED_MAX

    before = sources._remembered.cache_info().misses
    assert sources.wants(HW + b"d/" * REMEMBERED_BYTES_MAX + b"a.c")
    assert sources._remembered.cache_info().misses == before
