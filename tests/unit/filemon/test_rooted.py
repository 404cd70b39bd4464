from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jcode_watcher.filemon.errors import NoSuchRoot
from jcode_watcher.filemon.rooted import LOOK_SECONDS, Root


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Root]:
    (tmp_path / "root").mkdir()
    root = Root(bytes(tmp_path / "root"))
    root.look(0.0)
    yield root
    root.close()


def removed(root: Path) -> None:
    root.rmdir()


def renamed(root: Path) -> None:
    root.rename(root.with_name("away"))


def made_again(root: Path) -> None:
    root.rmdir()
    root.mkdir()


def gave_way_to_a_file(root: Path) -> None:
    root.rmdir()
    root.touch()


@pytest.mark.parametrize("happened", [removed, renamed, made_again, gave_way_to_a_file])
def test_a_root_that_is_not_at_its_path_at_two_looks_is_refused(
    root: Root, tmp_path: Path, happened: Callable[[Path], None]
) -> None:
    happened(tmp_path / "root")
    root.look(LOOK_SECONDS)
    root.look(LOOK_SECONDS * 1.9)  # not due
    with pytest.raises(NoSuchRoot, match="not the folder any more"):
        root.look(LOOK_SECONDS * 2)


def test_a_root_may_be_away_for_a_moment(root: Root, tmp_path: Path) -> None:
    for turn in range(1, 9):
        (tmp_path / "root").rename(tmp_path / "away")
        root.look(LOOK_SECONDS * turn * 2)
        (tmp_path / "away").rename(tmp_path / "root")
        root.look(LOOK_SECONDS * (turn * 2 + 1))


def test_a_root_that_is_no_folder_cannot_be_held(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRoot, match="cannot be opened"):
        Root(bytes(tmp_path / "none"))
