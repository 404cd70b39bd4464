"""A disk whose keys are inode numbers: no privilege, no kernel events, and a clock that is told the time."""

import errno
import os
import shutil
import stat
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED, OF_FOLDER, RENAMED, Change
from jcode_watcher.filemon.errors import Unanswered
from jcode_watcher.filemon.facts import Deleted, Fact, FileState, Missed, Moved, Saved
from jcode_watcher.filemon.following import Follower
from jcode_watcher.filemon.look import Look, NotRegular
from jcode_watcher.filemon.scheduler import Scheduler
from jcode_watcher.filemon.settling import Why

MOMENT_SECONDS = 0.001
HOUR_NS = 3_600_000_000_000


class InodeDisk:
    """Opens what lies below a folder by its inode number, by looking for it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.root_key = self._key(root.stat())
        self.away = False
        """True while the whole file system does not answer."""
        self.refusing: set[bytes] = set()
        """Folders that cannot be listed, though they are there."""
        self.vanishing: set[bytes] = set()
        """Folders that are removed right after they were opened."""
        self.covered: set[Path] = set()
        """What no path leads to, as something is mounted over it."""
        self.lost: set[bytes] = set()
        """What is not where it was last seen."""
        self.writing: bool | None = False
        """What is known of a writer that is asked about."""
        self.locked = False
        """True while somebody is amid changing what is empty."""
        self.settled = True
        """False while another change of a file would not show."""
        self.stale: set[bytes] = set()
        """What is known to be no more, as a handle knows it."""

    def key_at(self, folder_fd: int, name: bytes) -> bytes | None:
        try:
            return self._key(os.stat(name, dir_fd=folder_fd, follow_symlinks=False))
        except OSError:
            return None

    def open_folder(self, key: bytes) -> int:
        if key in self.refusing:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        folder = self._find(key)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        if key in self.vanishing:
            shutil.rmtree(folder)
        return fd

    def open_path(self, key: bytes) -> int:
        return os.open(self._find(key), os.O_PATH | os.O_NOFOLLOW)

    def look(self, key: bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        found = self._find(key)
        if not stat.S_ISREG(found.lstat().st_mode):
            raise NotRegular
        fd = os.open(found, os.O_RDONLY)
        try:
            return self._look(fd, path, links_max, bytes_max, writer_pid)
        finally:
            os.close(fd)

    def _look(self, fd: int, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> Look:
        before = os.fstat(fd)
        wanted = before.st_size <= bytes_max and before.st_nlink <= links_max
        content = os.pread(fd, before.st_size + 1, 0) if wanted else None
        there = self._root / os.fsdecode(path)
        in_place = there not in self.covered and there.exists() and there.lstat().st_ino == before.st_ino
        after = os.fstat(fd)
        return Look(
            content=content,
            size=after.st_size,
            mtime_ns=after.st_mtime_ns,
            ctime_ns=after.st_ctime_ns,
            inode=after.st_ino,
            links=after.st_nlink,
            in_place=in_place,
            changed=after.st_mtime_ns != before.st_mtime_ns,
            settled=self.settled,
            writing=self.writing if writer_pid else None,
            locked=self.locked and not after.st_size,
        )

    def is_at(self, folder_path: bytes, name: bytes, key: bytes) -> bool:
        path = self._root / os.fsdecode(folder_path) / os.fsdecode(name)
        return path not in self.covered and path.exists() and self._key(path.lstat()) == key

    def parent_of(self, key: bytes) -> tuple[bytes, bytes] | None:
        path = self._find(key)
        return None if path == Path("/") else (self._key(path.parent.stat()), os.fsencode(path.name))

    def must_answer(self, refused: OSError) -> None:
        if self.away:
            raise Unanswered from refused

    def forget_places(self) -> None:
        """Nothing is remembered."""

    def close(self) -> None:
        """Nothing is open."""

    def key_of(self, path: str) -> bytes:
        return self._key((self._root / path).lstat())

    def _find(self, key: bytes) -> Path:
        self.must_answer(OSError())
        if key in self.stale:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), key)
        for path in (self._root, *self._root.rglob("*"), *self._root.parents):
            if self._key(path.lstat()) == key and key not in self.lost:
                return path
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), key)

    @staticmethod
    def _key(status: os.stat_result) -> bytes:
        return b"%d" % status.st_ino


class StillScheduler(Scheduler):
    """Says of all processes what it is told to."""

    at_work = crowded = False

    def is_at_work(self, pid: int) -> bool:  # noqa: ARG002
        return self.at_work

    def is_crowded(self) -> bool:
        return self.crowded


class Followed:
    """A follower that is told what a kernel would tell."""

    def __init__(self, root: Path, known: Iterable[tuple[bytes, FileState]] = ()) -> None:
        self.root = root
        self.facts: list[Fact] = []
        self.now = 1000.0
        self.pid = 7
        self.scheduler = StillScheduler()
        self.real_ago_ns = HOUR_NS
        """How long ago it seems that something was really done on the disk."""
        self.drains = True
        """Whether nothing more was to be heard just before each change."""
        self.disk = InodeDisk(root)
        self.follower = Follower(
            self.disk,
            wants=lambda path: path.endswith(b".c"),
            prunes=lambda path: path.endswith(b"node_modules"),
            known=known,
            content_bytes_max_of=lambda _: 1000,
            emit=self.facts.append,
            clock_ns=self.clock_ns,
            scheduler=self.scheduler,
        )

    def clock_ns(self) -> int:
        return time.time_ns() + self.real_ago_ns

    def compare(self) -> int:
        self.follower.begin(1)
        return self.finish()

    def finish(self) -> int:
        while self.follower.comparing:
            if not self.follower.scanner.busy:
                self.now = max(self.now, self.follower._recoveries.due)
            self.follower.compare(self.now)
        return self.follower.scanner.changed

    def wait(self, seconds: float) -> None:
        self.now += seconds
        if any(self.follower.settling.files(Why.FRESH)):
            self.follower.heard_until(self.clock_ns())
        while not self.follower.settle(self.now):
            pass  # Others are heard in between.
        self.finish()

    def hear(
        self, what: int, path: str, key: bytes | None = None, to: str = "", time_ns: int | None = None
    ) -> None:
        """Tell of a change of `path`, as it is on the disk now unless a key is given; by default just now."""
        target = self.disk.key_of(to or path) if key is None else key
        folder, new_folder = (self.disk.key_of(str(Path(p).parent)) for p in (path, to))
        new = (new_folder, os.fsencode(Path(to).name)) if to else (b"", b"")
        change = Change(what, self.pid, folder, os.fsencode(Path(path).name), target, *new)
        time_ns = self.clock_ns() if time_ns is None else time_ns
        if self.drains:
            self.follower.heard_until(time_ns)
        self.follower.follow(change, time_ns, self.now)

    def hear_moved_out(self, path: str, key: bytes) -> None:
        """Tell of a rename to a folder of which nothing is known."""
        folder = self.disk.key_of(str(Path(path).parent))
        change = Change(RENAMED, 7, folder, os.fsencode(Path(path).name), key, b"elsewhere", b"a.c")
        self.follower.follow(change, self.clock_ns(), self.now)

    def save(self, path: str, content: bytes, what: int = CREATED | MODIFIED | CLOSED) -> None:
        (self.root / path).write_bytes(content)
        self.hear(what, path)

    def rename(self, path: str, to: str) -> None:
        (self.root / path).rename(self.root / to)
        self.hear(RENAMED, path, to=to)

    def rename_folder(self, path: str, to: str) -> None:
        (self.root / path).rename(self.root / to)
        self.hear(RENAMED | OF_FOLDER, path, self.disk.key_of(to), to=to)

    def delete(self, path: str) -> None:
        key = self.disk.key_of(path)
        (self.root / path).unlink()
        self.hear(DELETED, path, key)

    def kept(self) -> dict[str, bytes | None]:
        """Work out the newest version of each path as a receiver does, who goes by the times."""
        kept: dict[str, bytes | None] = {}
        timed = [fact for fact in self.facts if not isinstance(fact, Missed)]
        for fact in sorted(timed, key=lambda fact: fact.time_ns):
            path = os.fsdecode(fact.path)
            match fact:
                case Saved():
                    kept[path] = fact.content
                case Deleted():
                    kept.pop(path, None)
                case Moved():
                    kept[os.fsdecode(fact.destination)] = kept.pop(path, None)
        return kept

    def told(self) -> list[str]:
        """Give what was told since the last time, in short."""
        told = [short(fact) for fact in self.facts]
        self.facts.clear()
        return told


def short(fact: Fact) -> str:
    match fact:
        case Saved():
            content = fact.omitted if fact.content is None else fact.content.decode()
            return f"{fact.how} {fact.path.decode()} {content}"
        case Deleted():
            return f"{fact.how} {fact.path.decode()}"
        case Moved():
            return f"moved {fact.path.decode()} {fact.destination.decode()}"
        case Missed():
            return f"missed {fact.reason}"


@pytest.fixture
def followed(tmp_path: Path) -> Followed:
    return Followed(tmp_path)


@pytest.fixture
def saved(followed: Followed) -> Followed:
    """A file saved a moment ago, on a disk whose times are those of the clock; what follows comes at once."""
    followed.real_ago_ns = 0
    followed.drains = False
    followed.save("a.c", b"1")
    followed.wait(MOMENT_SECONDS)
    assert followed.told() == ["closed a.c 1"]
    return followed
