"""A watched folder, and what was told of it."""

import contextlib
import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from jcode_watcher.filemon import (
    CannotWatch,
    Deleted,
    Fact,
    FileMonitor,
    FileState,
    Missed,
    Mode,
    Moved,
    NoSuchRoot,
    Saved,
)
from jcode_watcher.filemon.mounts import filesystem_type

SUFFIXES = (b".c", b".h", b".py")
PRUNED = (b".git", b"node_modules", b"__pycache__")
PATIENCE_SECONDS = 60.0
CONTENT_BYTES_MAX = 1 << 20


def is_wanted(path: bytes) -> bool:
    return path.endswith(SUFFIXES)


def is_pruned(path: bytes) -> bool:
    return path.rpartition(b"/")[2] in PRUNED


class Watched:
    """One monitor, everything it delivered, and what a receiver would make of it."""

    def __init__(self, root: Path, outside: Path) -> None:
        self.root = root
        self.outside = outside
        self.facts: list[Fact] = []
        self.monitor: FileMonitor | None = None
        self._changed = threading.Condition()
        self._marks = 0

    def start(
        self,
        known: Iterable[tuple[bytes, FileState]] = (),
        *,
        content_bytes_max: int = CONTENT_BYTES_MAX,
        prunes: Callable[[bytes], bool] = is_pruned,
        wants: Callable[[bytes], bool] = is_wanted,
        scanned: bool = True,
        mode: Mode = "handles",
        rescan_seconds: float = 10.0,
        compare_seconds: float = 3600.0,
    ) -> FileMonitor:
        self.monitor = FileMonitor(
            self.root,
            self.deliver,
            wants=wants,
            prunes=prunes,
            known=known,
            content_bytes_max_of=lambda _: content_bytes_max,
            mode=mode,
            rescan_seconds=rescan_seconds,
            compare_seconds=compare_seconds,
        )
        try:
            self.monitor.start()
        except NoSuchRoot:
            raise
        except CannotWatch as refused:
            pytest.skip(f"files cannot be watched here: {refused}")
        if scanned:
            self.monitor.wait_scanned(PATIENCE_SECONDS)
        return self.monitor

    def stop(self) -> None:
        if self.monitor is not None:
            self.monitor.stop()
            assert self.monitor.failure is None, self.monitor.failure

    def deliver(self, facts: Sequence[Fact]) -> None:
        with self._changed:
            self.facts.extend(facts)
            self._changed.notify_all()

    def wait_for(self, told: Callable[[Fact], bool], timeout_seconds: float = PATIENCE_SECONDS) -> Fact:
        with self._changed:
            self._changed.wait_for(lambda: any(map(told, self.facts)), timeout_seconds)
            found = [fact for fact in self.facts if told(fact)]
        assert found, f"not told within {timeout_seconds} s; told: {self.told()[-20:]}"
        return found[0]

    def saved(self, path: str | bytes, content: bytes) -> Saved:
        """Wait until this version is told."""
        name, sha256 = os.fsencode(path), hashlib.sha256(content).hexdigest()
        fact = self.wait_for(lambda f: isinstance(f, Saved) and f.path == name and f.sha256 == sha256)
        assert isinstance(fact, Saved)
        return fact

    def settle(self) -> list[Fact]:
        """Wait until all that happened so far is told, and give it."""
        self._marks += 1
        mark = self.root / f"settled-{self._marks}.c"
        mark.write_bytes(b"%d" % self._marks)
        self.saved(mark.name, b"%d" % self._marks)
        mark.unlink()
        self.wait_for(lambda f: isinstance(f, Deleted) and f.path == os.fsencode(mark.name))
        assert self.monitor is not None
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.monitor.resting:
            assert time.monotonic() < until, self.monitor.counters()
            time.sleep(0.01)
        now = self.monitor.counters()
        while self.monitor.counters().delivered < now.saved + now.deleted + now.moved + now.missed:
            time.sleep(0.001)
        return [f for f in self.facts if b"settled-" not in getattr(f, "path", b"")]

    def told(self) -> list[str]:
        """What was told, in short, for people and for comparison."""
        return [short(fact) for fact in self.facts if b"settled-" not in getattr(fact, "path", b"")]

    def kept(self) -> dict[bytes, str | None]:
        """Newest kept version of each path, as a receiver works it out from the facts alone."""
        kept: dict[bytes, str | None] = {}
        for fact in self.facts:
            match fact:
                case Saved():
                    kept[fact.path] = fact.sha256
                case Deleted():
                    kept.pop(fact.path, None)
                case Moved():
                    kept.pop(fact.path, None)
                    kept[fact.destination] = fact.state.sha256
        return {path: sha for path, sha in kept.items() if not path.startswith(b"settled-")}

    def known(self) -> dict[bytes, FileState]:
        """What an agent remembers of it for the next start."""
        known: dict[bytes, FileState] = {}
        for fact in self.facts:
            match fact:
                case Saved():
                    known[fact.path] = fact.state
                case Deleted():
                    known.pop(fact.path, None)
                case Moved():
                    known.pop(fact.path, None)
                    known[fact.destination] = fact.state
        return known

    def on_disk(self) -> dict[bytes, str | None]:
        """What a receiver should have come to believe."""
        return dict(walk(self.root))


def walk(root: Path) -> Iterator[tuple[bytes, str | None]]:
    """Give every wanted file below a folder, also where paths are longer than the kernel takes."""

    def into(fd: int, path: bytes) -> Iterator[tuple[bytes, str | None]]:
        with os.scandir(fd) as entries:
            for entry in entries:
                name = os.fsencode(entry.name)
                below = path + name
                if entry.is_dir(follow_symlinks=False) and not is_pruned(below):
                    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=fd)
                    yield from into(inner, below + b"/")
                elif entry.is_file(follow_symlinks=False) and is_wanted(below):
                    with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=fd), "rb") as file:
                        small = os.fstat(file.fileno()).st_size <= CONTENT_BYTES_MAX
                        yield below, hashlib.file_digest(file, "sha256").hexdigest() if small else None
        os.close(fd)

    return into(os.open(root, os.O_RDONLY | os.O_DIRECTORY), b"")


def short(fact: Fact) -> str:
    match fact:
        case Saved():
            content = fact.omitted if fact.content is None else repr(fact.content[:40])
            return f"{fact.how} {os.fsdecode(fact.path)} {content}"
        case Deleted():
            return f"{fact.how} {os.fsdecode(fact.path)}"
        case Moved():
            return f"moved {os.fsdecode(fact.path)} {os.fsdecode(fact.destination)}"
        case Missed():
            return f"missed {fact.reason}"


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
