"""A full disk: refuse, say so, recover by itself, lose nothing."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.disks import small_disk_at

DISK_MEBIBYTES = 128
MEBIBYTE = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, where the machine lets us mount one."""
    with small_disk_at(tmp_path / "disk", DISK_MEBIBYTES * MEBIBYTE) as folder:
        yield folder


@pytest.mark.parametrize(
    ("flags", "left_bytes"),
    [([], 32 * MEBIBYTE), (["--disk-free-mebibytes-min", "0"], 8_192)],
    ids=["nearly full", "full to the last page"],
)
def test_a_full_disk_refuses_and_recovers_without_loss(
    services: Any,
    event: Any,
    student: str,
    small_disk: Path,
    eventually: Any,
    flags: list[str],
    left_bytes: int,
) -> None:
    service = services("small")
    service.flags = flags
    service.data = small_disk / "data"
    service.start()
    before, during, after = ([event() for _ in range(100)] for _ in range(3))
    service.post(before)

    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    with ballast.open("wb") as filled:
        os.posix_fallocate(filled.fileno(), 0, free.f_bavail * free.f_frsize - left_bytes)
    refused = service.send(json.dumps({"batch_id": "b", "events": during}).encode())
    assert refused.status_code == 503, refused.text
    assert int(refused.headers["retry-after"]) >= 1
    assert "space" in refused.json()["error"]
    assert httpx.get(f"{service.url}/readyz").status_code == 503
    assert httpx.get(f"{service.url}/livez").status_code == 200
    assert service.metric("store_failing") == 1
    assert service.timeline(student) == before

    ballast.unlink()
    eventually(lambda: httpx.get(f"{service.url}/readyz").status_code == 200)
    service.post([*during, *after])
    assert service.timeline(student) == [*before, *during, *after]
    assert "store fails" in service.log()
    assert "store works again" in service.log()
    service.stop()
