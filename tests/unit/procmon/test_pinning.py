import os
from pathlib import Path

import pytest

from jcode_watcher.procmon.errors import CannotPin
from jcode_watcher.procmon.options import Options
from jcode_watcher.procmon.pinning import (
    detach,
    has_tag,
    is_attached,
    is_readable,
    made,
    pinned_in,
    remove,
    tag_of,
    taken,
)

OPTIONS = Options([b"jcode-"], 4096, 4096)
TAG = tag_of(b"programs", OPTIONS)


def yes(path: Path) -> bool:
    del path
    return True


def no(path: Path) -> bool:
    del path
    return False


def test_a_folder_is_of_one_process_at_a_time(tmp_path: Path) -> None:
    lock = taken(tmp_path / "pins", yes)
    with pytest.raises(CannotPin, match="another process uses it"):
        taken(tmp_path / "pins", yes)
    os.close(lock)
    os.close(taken(tmp_path / "pins", yes))


def test_where_there_is_no_bpffs_one_line_says_what_to_do_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(CannotPin, match="mount -t bpf") as refused:
        taken(tmp_path / "pins", no)
    assert refused.value.exit_status == 3
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotPin, match="give a folder that can be written"):
        taken(tmp_path / "file/pins", yes)


@pytest.mark.parametrize(
    "other",
    [
        OPTIONS._replace(prefixes=[b"other-"]),
        OPTIONS._replace(ring_bytes=8192),
        OPTIONS._replace(argv_bytes_max=1),
        OPTIONS._replace(event_cost_ns=1),
        OPTIONS._replace(burst_ns=1),
    ],
)
def test_other_options_or_other_programs_have_another_tag(other: Options) -> None:
    assert tag_of(b"programs", OPTIONS) == tag_of(b"programs", OPTIONS._replace(prefixes=(b"jcode-",)))
    assert tag_of(b"programs", other) != tag_of(b"programs", OPTIONS) != tag_of(b"others", OPTIONS)


def test_only_folders_with_a_tag_are_taken_down(tmp_path: Path) -> None:
    pinned = made(tmp_path, TAG)
    (pinned / "map_ring").touch()
    of_another_version = tmp_path / TAG
    of_another_version.mkdir()
    (tmp_path / "somebody's").mkdir()
    assert pinned_in(tmp_path) == {pinned, of_another_version}
    for path in (pinned, pinned, of_another_version):
        remove(path)
    assert [path.name for path in tmp_path.iterdir()] == ["somebody's"]


def test_programs_with_the_same_tag_have_folders_of_their_own(tmp_path: Path) -> None:
    first, second = made(tmp_path, TAG), made(tmp_path, TAG)
    assert first != second
    assert has_tag(first, TAG)
    assert has_tag(second, TAG)
    assert not has_tag(first, tag_of(b"others", OPTIONS))


def test_only_what_is_laid_out_as_this_version_knows_is_readable(tmp_path: Path) -> None:
    assert is_readable(made(tmp_path, TAG))
    assert not is_readable(tmp_path / f"{TAG}-00000000-0")
    assert not is_readable(tmp_path / TAG)


def test_what_lacks_a_link_is_not_attached_and_keeps_what_it_heard(tmp_path: Path) -> None:
    pinned = made(tmp_path, TAG)
    assert not is_attached(pinned)
    for name in ("program_on_exec", "program_on_exit", "link_on_exec", "map_ring"):
        (pinned / name).touch()
    assert not is_attached(pinned)
    (pinned / "link_on_exit").touch()
    assert is_attached(pinned)
    detach(pinned)
    assert {path.name for path in pinned.iterdir()} == {"program_on_exec", "program_on_exit", "map_ring"}
