"""Whatever is done in whatever order: in the end what is kept equals the disk."""

import ctypes
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
STEPS = 400
NAMES = ("a.c", "b.c", "c.py", "tmp", "a.c~")
FOLDERS = ("d", "e", "f", "node_modules")
RENAME_EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True)


class Chaos:
    """Does what a seed says, in a root and outside it."""

    def __init__(self, watched: "Watched", seed: int) -> None:
        self._random = random.Random(seed)
        self._tops = (watched.root, watched.root, watched.root, watched.outside)
        self._written = 0
        self._deeds: tuple[Callable[[], None], ...] = (
            *(self.save,) * 6,
            *(self.replace,) * 3,
            *(self.rename,) * 3,
            self.delete,
            self.make,
            self.move_folder,
            self.move_folder,
            self.remove_folder,
            self.exchange,
            self.exchange_folders,
            self.copy,
            self.append,
            self.link,
            self.write_while_it_moves,
            self.swap,
            self.put_a_link_there,
            self.name_afterwards,
        )

    def step(self) -> None:
        try:
            self._random.choice(self._deeds)()
        except OSError:
            return  # It cannot be done just now, which is as good as not being chosen.

    def save(self) -> None:
        self._written += 1
        (self._folder() / self._name()).write_bytes(b"%d" % self._written)

    def replace(self) -> None:
        self._written += 1
        folder = self._folder()
        (folder / ".new").write_bytes(b"%d" % self._written)
        (folder / ".new").rename(folder / self._name())

    def rename(self) -> None:
        (self._folder() / self._name()).rename(self._folder() / self._name())

    def delete(self) -> None:
        (self._folder() / self._name()).unlink()

    def make(self) -> None:
        (self._folder() / self._random.choice(FOLDERS)).mkdir()

    def move_folder(self) -> None:
        self._inner().rename(self._folder() / self._random.choice(FOLDERS))

    def remove_folder(self) -> None:
        shutil.rmtree(self._inner())

    def copy(self) -> None:
        source, target = self._inner(), self._folder() / self._random.choice(FOLDERS)
        if not target.is_relative_to(source):
            shutil.copytree(source, target)

    def append(self) -> None:
        self._written += 1
        with (self._folder() / self._name()).open("ab") as file:
            file.write(b" %d" % self._written)

    def link(self) -> None:
        (self._folder() / self._name()).hardlink_to(self._folder() / self._name())

    def write_while_it_moves(self) -> None:
        self._written += 1
        path = self._folder() / self._name()
        with path.open("r+b") as file:
            path.rename(self._folder() / self._name())
            file.write(b"%d" % self._written)

    def swap(self) -> None:
        one, other = self._folder() / self._name(), self._folder() / self._name()
        third = one.with_name("third")
        one.rename(third)
        other.rename(one)
        third.rename(other)

    def put_a_link_there(self) -> None:
        path = self._folder() / self._name()
        path.unlink()
        path.symlink_to(self._name())

    def name_afterwards(self) -> None:
        self._written += 1
        folder = self._folder()
        fd = os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o644)
        os.write(fd, b"%d" % self._written)
        into = os.open(folder, os.O_PATH)
        try:
            os.link(f"/proc/self/fd/{fd}", self._name(), dst_dir_fd=into, follow_symlinks=True)
        finally:
            os.close(fd)
            os.close(into)

    def exchange(self) -> None:
        self._exchange(self._folder() / self._name(), self._folder() / self._name())

    def exchange_folders(self) -> None:
        self._exchange(self._inner(), self._inner())

    def _exchange(self, one: Path, other: Path) -> None:
        if _libc.renameat2(-100, bytes(one), -100, bytes(other), RENAME_EXCHANGE):
            raise OSError(ctypes.get_errno(), "renameat2")

    def _name(self) -> str:
        return self._random.choice(NAMES)

    def _folder(self) -> Path:
        folder = self._random.choice(self._tops)
        while self._random.random() < 0.6:
            inner = [entry for entry in sorted(folder.iterdir()) if entry.is_dir()]
            if not inner:
                break
            folder = self._random.choice(inner)
        return folder

    def _inner(self) -> Path:
        folder = self._folder()
        if folder in self._tops:
            raise FileNotFoundError(folder)
        return folder


def assert_kept_equals_disk(watched: "Watched") -> None:
    """What had a further name outside is known to be there; its content is nobody's business."""
    kept, on_disk = watched.kept(), watched.on_disk()
    assert kept.keys() == on_disk.keys()
    assert {path: sha for path, sha in kept.items() if sha not in (None, on_disk[path])} == {}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_equals_the_disk_after_anything(watched: "Watched", seed: int) -> None:
    watched.start()
    chaos = Chaos(watched, seed)
    for _ in range(STEPS):
        chaos.step()
    watched.settle()
    assert_kept_equals_disk(watched)


@pytest.mark.parametrize("seed", [1, 4, 5, 7])
def test_what_is_kept_equals_the_disk_after_anything_in_mode_inotify(watched: "Watched", seed: int) -> None:
    watched.start(mode="inotify")
    chaos = Chaos(watched, seed)
    for _ in range(STEPS):
        chaos.step()
    watched.settle()
    assert_kept_equals_disk(watched)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_equals_the_disk_after_anything_in_mode_descriptors(
    new_watched_on_overlay: "Callable[[], Watched]", seed: int
) -> None:
    watched = new_watched_on_overlay()
    watched.start(mode="descriptors")
    chaos = Chaos(watched, seed)
    for _ in range(STEPS):
        chaos.step()
    watched.settle()
    assert_kept_equals_disk(watched)


@pytest.mark.parametrize("seed", range(100, 104))
def test_what_is_kept_equals_the_disk_after_anything_while_the_first_comparison_runs(
    watched: "Watched", seed: int
) -> None:
    chaos = Chaos(watched, seed)
    for _ in range(STEPS):
        chaos.step()
    watched.start()
    watched.settle()
    watched.stop()
    for _ in range(STEPS // 4):
        chaos.step()
    watched.start(watched.known().items(), scanned=False)
    for _ in range(STEPS):
        chaos.step()
    watched.settle()
    assert_kept_equals_disk(watched)
