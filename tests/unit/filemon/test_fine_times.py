import pytest

from jcode_watcher.filemon.fine_times import has_fine_times


@pytest.mark.parametrize("release", ["6.13.0-rc1", "6.18.5-cloud", "7.2.1"])
def test_times_are_fine_from_linux_6_13_on(release: str) -> None:
    assert has_fine_times(b"/dev/shm", release)


@pytest.mark.parametrize("release", ["5.10.0-30-amd64", "6.12.57", "unknown"])
def test_times_of_older_kernels_are_coarse(release: str) -> None:
    assert not has_fine_times(b"/dev/shm", release)


def test_times_of_other_file_systems_are_taken_as_coarse() -> None:
    assert not has_fine_times(b"/proc", "7.2.1")
