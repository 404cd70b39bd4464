"""What every measurement stands on."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.tracing.exec_loop import ExecLoop
from bench.tracing.tracers import Ours, Peer, bpftrace, forkstat, ours

NICE = -10
SECONDS_MAX = 450.0


class Ground(NamedTuple):
    """A load, where it runs, and who may trace it."""

    loop: ExecLoop
    folder: Path
    hostname: str
    """Of the load, and of nothing else on this machine."""
    until: float
    """Monotonic seconds at which all is to be over."""

    def accepting(self) -> AbstractContextManager[Ours]:
        """Ours, looking for the load's hostname."""
        return ours(self.hostname)

    def rejecting(self) -> AbstractContextManager[Ours]:
        """Ours, looking for another hostname, as long as it."""
        return ours(self.hostname[::-1])

    @property
    def bpftrace(self) -> Callable[[], AbstractContextManager[Peer]]:
        return partial(bpftrace, self.folder)

    @property
    def forkstat(self) -> Callable[[], AbstractContextManager[Peer]]:
        return partial(forkstat, self.folder)


@contextmanager
def ground() -> Iterator[Ground]:
    """Compile the load. The whole measurement, peers too, goes before other work of the machine."""
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    with TemporaryDirectory(prefix="jcode-watcher-bench-") as name:
        folder = Path(name)
        yield Ground(
            ExecLoop.compiled(folder),
            folder,
            f"bench{secrets.token_hex(6)}-load",
            time.monotonic() + SECONDS_MAX,
        )
