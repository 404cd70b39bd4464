"""What is left to tell of a ring whose programs have been succeeded by others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from jcode_watcher.procmon.cgroups import NOWHERE, Cgroups, Container
from jcode_watcher.procmon.clock import WallClock, boot_ns
from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.decode import KernelFact
from jcode_watcher.procmon.decoder import Decoder
from jcode_watcher.procmon.facts import Executed, Exited, Fact, Lost, OomKilled
from jcode_watcher.procmon.ledger import Cut, Progress
from jcode_watcher.procmon.losses import Losses, Suppressions
from jcode_watcher.procmon.record import Head, Kind
from jcode_watcher.procmon.ring import left_in

Happening = tuple[int, int, int, int]
"""Kind of record, pid, start time and time: no process does the same thing twice at one time."""
KINDS: Final = {Executed: Kind.EXECUTED, Exited: Kind.EXITED, OomKilled: Kind.OOM_KILLED}


class Remainder:
    """Reads what lies in a folder of pins, up to where the next ring goes on. It changes nothing there."""

    def __init__(self, folder: Path, progress: Progress, next_folder: Path, clock: WallClock) -> None:
        """Open it, and see what was lost of it by now; CannotTell if it cannot be read."""
        self.folder = folder
        self._progress = progress
        self._cut = progress.cut
        self._clock = clock
        with ExitStack() as opening:
            # The first twice: to look for what both tell, and to tell.
            self._ring, self._older, self._newer = (
                opening.enter_context(closing(left_in(path))) for path in (folder, folder, next_folder)
            )
            self._cgroups = Cgroups(self._ring.pins)
            self._lost = self._lost_by_now()
            self._rings = opening.pop_all()

    def end_at(self, cut: Cut) -> None:
        """Take where the next ring goes on, where that was not known before."""
        self._cut = cut

    def facts(self) -> Iterator[list[Fact]]:
        """Give what is left to tell, in batches; then it is closed."""
        if self._cut is None:
            raise ValueError(f"where {self._progress.ring} ends was not said")
        with self._rings:
            for ring in (self._ring, self._older):
                ring.begin_at(self._progress.position)
            both = told_by_both(self._older.heads(), self._newer.heads(), self._cut)
            decoder = Decoder(self._container_of, self._progress.ring)
            yield [*self._lost]
            for batch in self._ring.batches():
                facts = decoder.facts(batch, self._clock.offset_ns)
                ours = (fact for fact in facts if fact.boot_ns <= self._cut.attached_ns)
                yield [fact for fact in ours if happening(fact) not in both]

    def close(self) -> None:
        """Let go of it. Idempotent."""
        self._rings.close()

    def _container_of(self, head: Head) -> Container:
        return self._cgroups.of(head.container) if head.container_id else NOWHERE

    def _lost_by_now(self) -> list[Lost]:
        told, now_ns = self._progress.told, boot_ns() + self._clock.offset_ns
        counters = Counters(**msgspec.structs.asdict(self._ring.counts()))
        suppressions = Suppressions(self._ring.buckets, self._cgroups.of, told)
        lost = Losses(self._progress.since_ns, told).since_last(counters, now_ns, suppressions)
        return [replace(fact, ring=self._progress.ring) for fact in lost]


def told_by_both(older: Iterable[Head], newer: Iterable[Head], cut: Cut) -> set[Happening]:
    """Give what the older ring tells, and the newer too.

    Of one event the kernel runs the older's program first. So what the newer tells of a process is the latest
    that the older had told of it by then, of the same kind.
    """
    heard: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for head in older:
        if cut.attaching_ns <= head.boot_ns <= cut.settled_ns:
            heard[head.kind, head.pid, head.start_boot_ns].append(head.boot_ns)
    both: set[Happening] = set()
    for head in newer:
        # Later ones may be those that the older, detached, did not hear.
        if head.boot_ns > cut.settled_ns:
            continue
        key = (head.kind, head.pid, head.start_boot_ns)
        times = heard.get(key, [])
        before = sum(time <= head.boot_ns for time in times)
        if before:
            both.add((*key, times[before - 1]))
            del times[:before]
    return both


def happening(fact: KernelFact) -> Happening:
    """Give by what a record is known in either ring."""
    return KINDS[type(fact)], fact.pid, fact.start_boot_ns, fact.boot_ns
