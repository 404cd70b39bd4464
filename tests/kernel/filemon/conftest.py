"""Folders to watch, a file system of one's own, and limits and priorities for a moment."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.kernel.filemon.places import making_watched, making_watched_without_handles, overlay_at
from tests.kernel.filemon.watched import Watched


@pytest.fixture
def new_watched(tmp_path: Path) -> Iterator[Callable[[], Watched]]:
    if os.geteuid() != 0:
        pytest.skip("watching files by handle needs root")
    with making_watched(tmp_path) as make:
        yield make


@pytest.fixture
def new_watched_on_overlay(tmp_path: Path) -> Iterator[Callable[[], Watched]]:
    with overlay_at(tmp_path) as merged, making_watched(merged) as make:
        yield make


@pytest.fixture
def new_watched_without_handles(tmp_path: Path) -> Iterator[Callable[[], Watched]]:
    with making_watched_without_handles(tmp_path) as make:
        yield make


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, on which nobody else does anything."""
    at = tmp_path / "tmpfs"
    at.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "filemon-test", at], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"tmpfs cannot be mounted: {mounted.stderr.decode().strip()}")
    yield at
    subprocess.run(["umount", "--lazy", at], check=True)


@pytest.fixture
def urgent() -> Iterator[None]:
    """Let this process go first, as what is tested is not how a busy machine shares its time."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, min(before, -10))
    yield
    os.setpriority(os.PRIO_PROCESS, 0, before)


@pytest.fixture
def watched(new_watched: Callable[[], Watched]) -> Watched:
    return new_watched()


@pytest.fixture
def few_watches() -> Iterator[int]:
    """Let the kernel give room for so many inotify watches only, to everybody, for a moment."""
    limit = Path("/proc/sys/fs/inotify/max_user_watches")
    before = limit.read_text()
    few = 200
    try:
        limit.write_text(str(few))
    except OSError as e:
        pytest.skip(f"the number of watches cannot be limited: {e}")
    yield few
    limit.write_text(before)
