import os
from pathlib import Path

import pytest

from jcode_watcher.procmon.errors import CannotPin
from jcode_watcher.procmon.options import Options
from jcode_watcher.procmon.pinning import remove, tag_of, tagged_in, taken

OPTIONS = Options([b"jcode-"], 4096, 4096)


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
    tagged = tmp_path / tag_of(b"programs", OPTIONS)
    tagged.mkdir()
    (tagged / "map_ring").touch()
    (tmp_path / "somebody's").mkdir()
    assert tagged_in(tmp_path) == {tagged}
    remove(tagged)
    remove(tagged)
    assert [path.name for path in tmp_path.iterdir()] == ["somebody's"]
