"""Where folders to watch are made: as they come, on an overlayfs, or where there are no handles."""

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.kernel.filemon.watched import Watched

from jcode_watcher.filemon.mounts import filesystem_type


@contextlib.contextmanager
def making_watched(place: Path) -> Iterator[Callable[[], Watched]]:
    made: list[Watched] = []

    def make() -> Watched:
        root, outside = (place / f"{name}-{len(made)}" for name in ("root", "outside"))
        root.mkdir()
        outside.mkdir()
        made.append(Watched(root, outside))
        return made[-1]

    yield make
    for watched in made:
        watched.stop()


@contextlib.contextmanager
def making_watched_without_handles(place: Path) -> Iterator[Callable[[], Watched]]:
    """Give folders to watch where there are no handles: on NFS if the tests lie there, else on overlayfs."""
    if filesystem_type(bytes(place)) == "nfs4":
        with making_watched(place) as make:
            yield make
        return
    with overlay_at(place) as merged, making_watched(merged) as make:
        yield make


@contextlib.contextmanager
def overlay_at(place: Path) -> Iterator[Path]:
    """Mount an overlayfs as containers have it."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    lower, upper, work, merged = (place / name for name in ("lower", "upper", "work", "merged"))
    for folder in (lower, upper, work, merged):
        folder.mkdir()
    options = f"lowerdir={lower},upperdir={upper},workdir={work}"
    mount = ["mount", "-t", "overlay", "filemon-test", "-o", options, str(merged)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"overlayfs cannot be mounted: {mounted.stderr.decode().strip()}")
    try:
        yield merged
    finally:
        subprocess.run(["umount", "--lazy", merged], check=True)
