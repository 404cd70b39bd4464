"""A class's workspaces on NFS, in the machine that tools/nfs-check boots; collected nowhere else."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.kernel.filemon.places import making_watched

if TYPE_CHECKING:
    from tests.kernel.filemon.watched import Watched

SERVER = Path(__file__).parents[4] / "tools/nfs/server"
WATCHED = Path("/srv/watched")
collect_ignore_glob = [] if os.environ.get("JCODE_WATCHER_NFS") else ["test_*.py"]


class Server:
    """The NFS server, and the places at which its one export is mounted."""

    def __call__(self, *what: str) -> None:
        """Do what tools/nfs/server says."""
        subprocess.run([SERVER, *what], check=True, timeout=120)

    @staticmethod
    def through(mount: str, path: Path) -> Path:
        """Give where a path of the watched mount lies in another one, or in the server's own folder."""
        return Path("/srv", mount, path.relative_to(WATCHED))


@pytest.fixture
def server() -> Iterator[Server]:
    """Give the server, and leave it running."""
    server = Server()
    yield server
    server("start")


@pytest.fixture
def new_watched_softly(tmp_path: Path) -> Iterator[Callable[[], "Watched"]]:
    """Give folders to watch on a mount of its own, on which calls fail where the server does not answer."""
    mount = Path("/srv/soft")
    Server()("mount", str(mount), "soft,timeo=5,retrans=1,nosharecache")
    place = mount / tmp_path.relative_to(WATCHED)
    try:
        with making_watched(place) as make:
            yield make
    finally:
        subprocess.run(["umount", "--lazy", mount], check=True)
