"""Plain saves are told in one step, as those who weigh each case tell them, whatever happens between."""

import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.filemon.conftest import HOUR_NS, Followed

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED, OF_FOLDER, RENAMED, Change

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 400
FILES = 30
FOLDERS = ("w1", "w1/d", "w2")
SETTLING = 0.2
"""How often it is looked at what has been quiet for long enough."""


class Stepped(Followed):
    """Its clock stands still until the next step, so that two of them see one time."""

    time_ns = ahead_ns = 0

    @classmethod
    def step(cls) -> None:
        cls.time_ns = time.time_ns() + cls.ahead_ns

    def clock_ns(self) -> int:
        return self.time_ns

    def noted(self) -> tuple[object, ...]:
        """Give all that was told, and what is remembered for what is told next."""
        follower = self.follower
        shares = follower._shares
        files = [
            (
                file.path,
                file.state,
                file.told_ns,
                file.saved_as,
                file.saved_at,
                file.versions,
                file.window_began,
            )
            for file in follower.tree.files_under(follower.tree.root)
        ]
        return (
            self.facts,
            follower.tally,
            len(follower.settling),
            follower._keeper._reader.withheld,
            (shares.now, shares._full_at, shares.overdrawn),
            sorted(files, key=lambda noted: noted[0]),
        )


class Both:
    """Two followers of the same changes of one disk; one of them has to weigh each."""

    def __init__(self, root: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.one, self.other = self._two = Stepped(root), Stepped(root)
        self.plain = 0
        """How often a save was told in one step."""
        self._tell = self.one.follower._plain.tell
        monkeypatch.setattr(self.one.follower._plain, "tell", self._count)
        monkeypatch.setattr(self.other.follower._plain, "tell", lambda *_: False)
        # Of what is from the past nobody can say that it changed since it was heard of.
        monkeypatch.setattr(Stepped, "ahead_ns", HOUR_NS if seed % 2 else 0)
        self._random = random.Random(seed)
        self._root = root
        self._deeds: tuple[Callable[[], None], ...] = (
            *(self.save,) * 25,
            *(self.rest,) * 20,
            self.save_again_at_once,
            self.save_after_a_while,
            self.save_after_a_replacement,
            self.save_nothing,
            self.save_too_much,
            self.save_and_change_later,
            self.save_what_is_read_ahead,
            self.save_as_the_agent,
            self.save_under_a_name_lost,
            self.save_while_covered,
            self.begin_to_write,
            self.delete,
            self.rename,
            self.rename_away,
            self.rename_folder_and_back,
            self.link,
            self.link_outside,
            self.save_once_a_link_is_gone,
            self.overdraw,
        )
        for folder in FOLDERS:
            (root / folder).mkdir()
        for number in range(FILES):
            self._place(number).write_bytes(b"0")
        Stepped.step()
        for followed in self._two:
            followed.drains = False
            followed.compare()
            followed.wait(5)

    def step(self) -> None:
        self._random.choice(self._deeds)()
        Stepped.step()
        seconds = self._random.choice((0.0005, 0.003, 0.003, 0.003, 0.003, 0.02))
        settles = self._random.random() < SETTLING
        for followed in self._two:
            followed.now += seconds
            if settles:
                followed.wait(0)

    def rest(self, seconds: float = 1.2) -> None:
        """What comes after it is among many again: where little happens every writer is asked about."""
        for followed in self._two:
            followed.wait(seconds)
            while followed.follower._keeper.asking.is_easy(followed.now):
                pass

    def save(self) -> None:
        self._write(self._file(), self._anything())

    def save_again_at_once(self) -> None:
        file = self._file()
        for _ in range(3):
            self._write(file, b"%d" % self._random.randrange(4))

    def save_after_a_while(self) -> None:
        file = self._file()
        for seconds in (1.2, 0.8, 0.3):
            self.rest(seconds)
            self._write(file, self._anything())

    def save_after_a_replacement(self) -> None:
        self.rest()
        file = self._file()
        other = file.with_suffix(".new")
        self._write(other, self._anything())
        self._rename(other, file)
        self.rest(0.3)
        self._write(file, self._anything())

    def save_nothing(self) -> None:
        self._write(self._file(), b"")

    def save_too_much(self) -> None:
        self._write(self._file(), bytes(1001))

    def save_and_change_later(self) -> None:
        if (file := self._file()).exists():
            file.write_bytes(b"later")
            self._hear(CLOSED | MODIFIED, file, time_ns=file.stat().st_ctime_ns - 1)

    def save_what_is_read_ahead(self) -> None:
        if (file := self._file()).exists():
            file.write_bytes(self._anything())
            Stepped.step()
            folder, key = (self.one.disk.key_of(str(path)) for path in (file.parent, file))
            change = Change(CLOSED | MODIFIED, 7, folder, os.fsencode(file.name), key)
            for followed in self._two:
                followed.follower.read_ahead(iter([change]), followed.clock_ns(), followed.now)
            file.write_bytes(self._anything())
            for followed in self._two:
                followed.follower.follow(change, followed.clock_ns(), followed.now)
                followed.follower.caught_up(followed.clock_ns())

    def save_as_the_agent(self) -> None:
        for followed in self._two:
            followed.pid = os.getpid()
        self.save()
        for followed in self._two:
            followed.pid = 7

    def save_under_a_name_lost(self) -> None:
        if (file := self._file()).exists():
            key = self.one.disk.key_of(str(file))
            file.rename(self._root / "no-source")
            file.write_bytes(self._anything())
            self._hear(CREATED | CLOSED | MODIFIED, file)
            self.rest()
            file.write_bytes(self._anything())
            self._hear(CLOSED | MODIFIED, file, key)

    def save_while_covered(self) -> None:
        file = self._file()
        for followed in self._two:
            followed.disk.covered.add(file)
        self._write(file, self._anything())
        for followed in self._two:
            followed.disk.covered.clear()

    def begin_to_write(self) -> None:
        if (file := self._file()).exists():
            file.write_bytes(b"half")
            self._hear(MODIFIED, file)

    def delete(self) -> None:
        if (file := self._file()).exists():
            key = self.one.disk.key_of(str(file))
            file.unlink()
            self._hear(DELETED, file, key)

    def rename(self) -> None:
        self._rename(self._file(), self._file())

    def rename_away(self) -> None:
        file = self._file()
        self._rename(file, file.with_suffix(".bak"))

    def rename_folder_and_back(self) -> None:
        folder, away = self._root / "w1/d", self._root / "w2/d"
        folder.rename(away)
        self._hear(RENAMED | OF_FOLDER, folder, to=away)
        self._write(away / f"{self._random.randrange(FILES)}.c", self._anything())
        away.rename(folder)
        self._hear(RENAMED | OF_FOLDER, away, to=folder)

    def link(self) -> None:
        file, to = self._file(), self._file()
        if file.exists() and not to.exists():
            to.hardlink_to(file)
            self._hear(CREATED, to)

    def link_outside(self) -> None:
        if (file := self._file()).exists():
            (self._root / f"no-source-{self._random.randrange(1 << 30)}").hardlink_to(file)
            self._write(file, self._anything())

    def save_once_a_link_is_gone(self) -> None:
        if (file := self._file()).exists():
            to = file.with_suffix(".link.c")
            to.hardlink_to(file)
            self._hear(CREATED, to)
            self.rest()
            key = self.one.disk.key_of(str(to))
            to.unlink()
            self._write(file, self._anything())
            self._hear(DELETED, to, key)

    def overdraw(self) -> None:
        """One workspace brings much more than its share, and is passed over."""
        for followed in self._two:
            followed.follower._shares.charge(b"w1/a.c", 1 << 30)
        self.save()

    def _anything(self) -> bytes:
        return b"%d" % self._random.randrange(1 << 30)

    def _place(self, number: int) -> Path:
        return self._root / FOLDERS[number % len(FOLDERS)] / f"{number}.c"

    def _file(self) -> Path:
        return self._place(self._random.randrange(FILES))

    def _write(self, file: Path, content: bytes) -> None:
        is_new = not file.exists()
        file.write_bytes(content)
        self._hear(CLOSED | MODIFIED | (CREATED if is_new else 0), file)

    def _rename(self, file: Path, to: Path) -> None:
        if file.exists() and file != to:
            file.rename(to)
            self._hear(RENAMED, file, to=to)

    def _hear(
        self, what: int, path: Path, key: bytes | None = None, to: Path | None = None, time_ns: int = 0
    ) -> None:
        Stepped.step()
        new = os.fspath(to.relative_to(self._root)) if to else ""
        for followed in self._two:
            time_ns = time_ns or followed.clock_ns()
            followed.hear(what, os.fspath(path.relative_to(self._root)), key, new, time_ns)

    def _count(self, change: Change, time_ns: int, now: float) -> bool:
        told = self._tell(change, time_ns, now)
        self.plain += told
        return told


@pytest.mark.parametrize("seed", range(6))
def test_a_plain_save_is_told_as_it_would_be_if_it_were_weighed(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Both(tmp_path, seed, monkeypatch)
    for _ in range(STEPS):
        both.step()
        assert both.one.noted() == both.other.noted()
    assert both.plain > STEPS // 10
