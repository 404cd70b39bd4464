import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.placing.sources import prunes, wants

HW = b"os-1-2020/hw1/"


@pytest.mark.parametrize(
    "suffix", [b"c", b"h", b"cpp", b"hpp", b"cc", b"cxx", b"hh", b"hxx", b"py", b"ipynb", b"C"]
)
def test_source_files_of_an_assignment_are_wanted(suffix: bytes) -> None:
    assert wants(HW + b"deep/er/a." + suffix)


@pytest.mark.parametrize(
    "path",
    [
        HW + b"a.out",
        HW + b"Makefile",
        HW + b".c",
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
