"""A disk that a spool can fill."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.disks import small_disk_at

DISK_BYTES = 16 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "disk", DISK_BYTES) as folder:
        yield folder
