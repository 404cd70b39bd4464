"""A watched folder, and what was told of it."""

import gc
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from tests.kernel.filemon.wanted import CONTENT_BYTES_MAX, is_pruned, is_wanted, walk

from jcode_watcher.agent.garbage import spare_survivors
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

PATIENCE_SECONDS = 60.0


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
        # As in the agent; what the tests before this one left is no business of its garbage collector either.
        spare_survivors()
        gc.freeze()
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
        """Newest kept version of each path, as a receiver works it out who goes by the times."""
        kept: dict[bytes, str | None] = {}
        for fact in sorted(self.facts, key=time_of):
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


def time_of(fact: Fact) -> int:
    return fact.until_ns if isinstance(fact, Missed) else fact.time_ns


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
