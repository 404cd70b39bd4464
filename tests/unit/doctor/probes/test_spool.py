"""The disk is really written, and left as it was."""

from pathlib import Path

from jcode_watcher.doctor.probes.spool import try_disk


def test_the_disk_is_measured_and_nothing_stays(tmp_path: Path) -> None:
    disk = try_disk(tmp_path)
    assert (disk.folder, disk.refusal) == (tmp_path, "")
    assert disk.free_bytes > 0
    assert disk.fsync_ms > 0
    assert list(tmp_path.iterdir()) == []


def test_a_state_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert try_disk(tmp_path / "a/b").folder == tmp_path
    assert list(tmp_path.iterdir()) == []
