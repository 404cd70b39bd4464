"""A monitor that watches one hostname of this test's own, and small programs to run there."""

import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from jcode_watcher.procmon import Executed, Exited, Fact, ProcessMonitor

SOURCES = [str(Path(__file__).parent / name) for name in ("programs.c", "launch.c")]
NOTHING = Path(__file__).parents[3] / "bench/tracing/programs/nothing.c"
PATIENCE_SECONDS = 20
FactOf = TypeVar("FactOf", bound=Fact)


JOIN = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
HIERARCHIES = ("/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")


def why_not() -> str | None:
    """Say what this machine lacks for these tests."""
    if os.geteuid() != 0:
        return "needs root"
    if not Path("/sys/kernel/btf/vmlinux").exists():
        return "needs a kernel with BTF"
    return None if shutil.which("gcc") else "needs gcc"


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> str:
    if reason := why_not():
        pytest.skip(reason)
    built = tmp_path_factory.mktemp("programs") / "programs"
    subprocess.run(["gcc", "-static", "-pthread", "-O1", "-o", str(built), *SOURCES], check=True)
    return str(built)


@pytest.fixture(scope="session")
def nothing(programs: str) -> str:
    """Give the shortest program: a C library first asks the processor what it is, ten times as long."""
    built = f"{programs}-nothing"
    subprocess.run(["gcc", "-static", "-nostdlib", "-o", built, str(NOTHING)], check=True)
    return built


@pytest.fixture
def hostname() -> str:
    return f"pm{secrets.token_hex(6)}-host"


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < until
        time.sleep(0.005)  # The kernel announces none of this.


def remove(cgroup: Path) -> None:
    """Remove a cgroup with those below it, once their last process has left."""
    for child in [path for path in cgroup.iterdir() if path.is_dir()]:
        remove(child)
    wait_for(lambda: not (cgroup / "cgroup.procs").read_text())
    cgroup.rmdir()


class Recorder:
    """Watches one hostname, keeps every fact that is delivered, and lets a test wait for one."""

    def __init__(self, hostname: str, **options: Any) -> None:
        self.on_batch: Callable[[Sequence[Fact]], None] = lambda _: None
        """Called first with what is delivered, in the monitor's thread."""
        self.monitor = ProcessMonitor(self.deliver, hostname_prefixes=[hostname], **options)
        self.facts: list[Fact] = []
        self.batches: list[Sequence[Fact]] = []
        self._arrived = threading.Condition()

    def deliver(self, batch: Sequence[Fact]) -> None:
        self.on_batch(batch)
        with self._arrived:
            self.batches.append(batch)
            self.facts.extend(batch)
            self._arrived.notify_all()

    def wait_for(self, found: Callable[["Recorder"], bool]) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: found(self), PATIENCE_SECONDS), self.facts[-10:]

    def catch_up(self) -> None:
        """Return when everything that happened before this call has been delivered."""
        now_ns = time.time_ns()
        until = time.monotonic() + PATIENCE_SECONDS
        while self.monitor.delivered_until_ns < now_ns:
            assert time.monotonic() < until
            time.sleep(0.001)  # There is nothing to wait on: the watermark is read, not announced.

    def of_kind(self, kind: type[FactOf]) -> list[FactOf]:
        return [fact for fact in list(self.facts) if isinstance(fact, kind)]

    @property
    def executed(self) -> list[Executed]:
        return self.of_kind(Executed)

    @property
    def exited(self) -> list[Exited]:
        return self.of_kind(Exited)


Watch = Callable[..., AbstractContextManager[Recorder]]


@pytest.fixture
def watch(programs: str, hostname: str) -> Watch:
    """Give a function that starts a monitor of this test's hostname."""
    del programs

    @contextmanager
    def started(**options: int) -> Iterator[Recorder]:
        recorder = Recorder(hostname, **options)
        recorder.monitor.start()
        try:
            yield recorder
        finally:
            recorder.monitor.stop()

    return started


class Container(NamedTuple):
    """A cgroup and a hostname; each program that is run enters both anew."""

    programs: str
    hostname: str
    cgroup: Path

    def command(self, *argv: str) -> list[str]:
        inside = [self.programs, "in", self.hostname, *argv]
        return self.outside(*inside)

    def run(self, *argv: str) -> None:
        subprocess.run(self.command(*argv), check=True, stdout=subprocess.DEVNULL)

    def outside(self, *argv: str) -> list[str]:
        """Give a command that enters the cgroup only."""
        return ["sh", "-c", JOIN, str(self.cgroup), *argv]

    def named(self, hostname: str) -> "Container":
        return self._replace(hostname=hostname)

    def remove(self) -> None:
        remove(self.cgroup)

    def popen(self, *argv: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command(*argv), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def hierarchies() -> list[str]:
    return [path for path in HIERARCHIES if (Path(path) / "cgroup.procs").exists()]


MakeContainer = Callable[..., Container]


Poll = Callable[[Callable[[], bool]], None]


@pytest.fixture
def poll() -> Poll:
    """Give a function that waits for what nothing announces."""
    return wait_for


@pytest.fixture(params=hierarchies() or ["none"])
def make_container(request: pytest.FixtureRequest, programs: str, hostname: str) -> Iterator[MakeContainer]:
    """Give a function that makes a container with a cgroup of its own, in each hierarchy there is."""
    if request.param == "none":
        pytest.skip("no cgroup hierarchy is mounted")
    made: list[Path] = []

    def make(suffix: str = "") -> Container:
        cgroup = Path(request.param) / f"{hostname}{suffix}"
        cgroup.mkdir()
        made.append(cgroup)
        return Container(programs, hostname + suffix, cgroup)

    yield make
    for cgroup in made:
        if cgroup.exists():
            remove(cgroup)
