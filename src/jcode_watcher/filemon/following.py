"""Follows what a mode hears: each change finds its folder, and what became of the file is told."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from jcode_watcher.filemon.changes import (
    COMPARE,
    CREATED,
    DOUBTED,
    OF_FOLDER,
    OVERFLOWED,
    RENAMED,
    UNHEARD,
    Cause,
    Change,
)
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.early_reading import EarlyReader
from jcode_watcher.filemon.errors import Unanswered
from jcode_watcher.filemon.facts import Fact, FileState
from jcode_watcher.filemon.file_changes import FileChanges
from jcode_watcher.filemon.floods import Flood, Floods
from jcode_watcher.filemon.folder_changes import FolderChanges
from jcode_watcher.filemon.gaps import Gaps
from jcode_watcher.filemon.keeping import Keeper
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.locating import Locator
from jcode_watcher.filemon.owed import LATE, Owed
from jcode_watcher.filemon.placing import Placing
from jcode_watcher.filemon.plain_saves import PlainSaves
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.reading import FileReader
from jcode_watcher.filemon.recovering import Recoveries
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.scheduler import Scheduler
from jcode_watcher.filemon.second_looks import SecondLooks
from jcode_watcher.filemon.settling import Settling, Why
from jcode_watcher.filemon.shares import Shares
from jcode_watcher.filemon.storms import Storms
from jcode_watcher.filemon.telling import Teller
from jcode_watcher.filemon.tree import Folder, Tree

LOOKS_SECONDS_MAX: Final = 0.01
"""At once: nothing is heard meanwhile."""


class Follower:
    """All that happens between a change that was heard of and a fact; in one thread, without a clock."""

    def __init__(
        self,
        disk: Disk,
        *,
        wants: Callable[[bytes], bool],
        prunes: Callable[[bytes], bool],
        known: Iterable[tuple[bytes, FileState]],
        content_bytes_max_of: Callable[[bytes], int],
        emit: Callable[[Fact], None],
        clock_ns: Callable[[], int] = time.time_ns,
        scheduler: Scheduler | None = None,
    ) -> None:
        self.tally = Tally()
        self._disk = disk
        self.settling = Settling()
        self.tree = Tree(disk.root_key, prunes)
        self._shares = shares = Shares()
        self._floods = Floods(self.tree, shares, self.tally)
        reader = FileReader(disk, self.tree, content_bytes_max_of, clock_ns)
        self._asked = reader.asked
        self._teller = teller = Teller(emit, self.tree, shares, self.tally)
        self._early = EarlyReader(reader, self.tree, wants, self.tally)
        storms = Storms()
        owed = Owed(self.settling, self._early, storms, teller)
        self._gaps = Gaps(emit, self.tally, storms.uncaught, owed.late)
        self._ledger = ledger = Ledger(self.tree, disk, reader, self.settling, wants, teller, owed)
        ledger.expect(known, prunes)
        self._keeper = keeper = Keeper(ledger, self._early, storms, scheduler or Scheduler())
        self._plain = PlainSaves(ledger, self._early, self._floods, storms, keeper.asking)
        self._recoveries = Recoveries(ledger, keeper, disk, self.tally)
        self.scanner = Scanner(ledger, keeper, disk, self.tally, self._recoveries.scanners)
        self._locator = Locator(ledger, disk, self._floods, self.tally)
        self._files = FileChanges(ledger, keeper, self.tally)
        outside = self._locator.outside
        placing = Placing(ledger, keeper, outside, self.scanner)
        self._folders = FolderChanges(ledger, outside, self.scanner, placing)
        self._looks = SecondLooks(ledger, keeper, disk, outside, placing, self.scanner)
        self._compared_ns = 0
        """When the last comparison with the disk began."""
        self._blind_since_ns = 0
        """Since when the disk has not answered, or not told all since; 0 where it does."""

    def hears_through(self, hear: Callable[[], None]) -> None:
        """Call `hear` before each file that is read where one change may be about very many."""
        self._keeper.hear = hear

    @property
    def resting(self) -> bool:
        """Tell whether there is nothing to do unless something is heard."""
        comparing = self.comparing or self.scanner.suspended
        return not (comparing or len(self.settling) or len(self._floods))

    @property
    def comparing(self) -> bool:
        """Tell whether anything is compared with the disk just now."""
        return self.scanner.busy or len(self._recoveries) > 0

    @property
    def compared(self) -> bool:
        """Tell whether all that differed from what was known is told."""
        if self.scanner.busy or self.scanner.suspended:
            return False
        return not any(
            waiting.held and waiting.held.how == "rescan" for _, waiting in self.settling.files(Why.FRESH)
        )

    @property
    def flooding(self) -> int:
        """Count the workspaces of which nothing is followed for the moment."""
        return len(self._floods)

    def begin(self, time_ns: int) -> None:
        """Begin to compare the disk with what is known."""
        self._teller.heard_ns = self._compared_ns = time_ns
        self.scanner.compare(self.tree.root, Cause(0, time_ns))

    def follow(self, change: Change, time_ns: int, now: float) -> None:
        """Follow one change that was heard of at this time. Unanswered if the disk is not."""
        self.tally.heard += 1
        if self._plain.tell(change, time_ns, now):
            return
        cause = Cause(self._asked.pid_of(change, time_ns), time_ns)
        if change.what & (OVERFLOWED | COMPARE | UNHEARD):
            self._of_nothing_in_particular(change.what, cause)
            return
        self._shares.now = now
        folder = self._locator.folder(change.folder, cause, now)
        if change.what & RENAMED:
            self._renamed(change, folder, cause, now)
        elif folder is not None and self._floods.passes_over(folder, time_ns):
            pass
        elif folder is None:
            self._outside(change, cause, now)
        elif change.what & DOUBTED:
            self.settling.wait(folder, Why.MOVED, cause, now)
        elif change.what & OF_FOLDER:
            self._folders.happened(change, folder, cause, now)
        else:
            self._files.happened(change, folder, cause, now)
        if self._locator.adopted:
            self._look_into_adopted(cause)
        self._teller.heard_ns = time_ns

    def read_ahead(self, changes: Iterator[Change], time_ns: int, now: float) -> None:
        """Read what was just saved, though it will be followed later: others may have gone on by then."""
        self._early.read_ahead(changes, time_ns, now)

    def heard_until(self, time_ns: int) -> None:
        """Take note that all that happened before was followed: what is found from now on is no older."""
        self._teller.heard_ns = max(self._teller.heard_ns, time_ns)
        self._keeper.followed_ns = time_ns

    def caught_up(self, time_ns: int) -> None:
        """Likewise, and that nothing waits to be followed."""
        self.heard_until(time_ns)
        self._early.forget()

    def hurry(self, *, behind: bool) -> None:
        """Take note of whether changes are followed late: one workspace may bring less then."""
        self._shares.behind = behind

    def lose_sight(self) -> None:
        """The file system does not answer: believe what is known, until all can be compared again."""
        self.tally.unanswered += 1
        self.scanner.suspend()
        self._recoveries.clear()
        self._blind_since_ns = self._blind_since_ns or self._teller.heard_ns

    def fell_behind(self, since_ns: int, until_ns: int) -> None:
        """Tell that what was saved in this time was read late: of one file perhaps only the last save."""
        if self._blind_since_ns:
            return  # Another gap will cover it.
        self._gaps.missed(LATE, since_ns, until_ns)

    def compare(self, now: float) -> None:
        """Do one small piece of a comparison."""
        self._shares.now = now
        try:
            if self.scanner.busy:
                self.scanner.step(now)
            elif len(self._recoveries):
                self._recoveries.step(now)
        except Unanswered:
            self.lose_sight()
        if self._blind_since_ns and not self.scanner.busy and not self.scanner.suspended:
            self._gaps.missed("no_answer", self._blind_since_ns, self._compared_ns)
            self._blind_since_ns = 0

    def next_due(self) -> float:
        """Give the earliest moment at which there may be something to do though nothing is heard."""
        if self.scanner.busy:
            return 0.0
        floods_due = None if self.scanner.comparing else self._floods.next_due()
        dues = (self.settling.next_due(), floods_due, self._recoveries.due)
        return min(due for due in dues if due is not None)

    def settle(self, now: float) -> bool:
        """Look at what has been quiet for long enough; False if more is due, as others would have to wait."""
        self._shares.now = now
        # What is trusted no more must not be taken for missing by the end of a comparison.
        if len(self._floods) and not self.scanner.comparing:
            for flood in self._floods.ended(now):
                self._compare_flooded(flood)
        if self.settling.is_due(now) and not self._look_at_quiet(now):
            return False
        self._gaps.report(now)
        return True

    def _look_at_quiet(self, now: float) -> bool:
        until = time.monotonic() + LOOKS_SECONDS_MAX
        for thing, waiting in self.settling.due(now):
            if self._floods.covers(thing, waiting.since_ns):
                continue  # It will be compared.
            try:
                self._looks.look(thing, waiting, now)
            except Unanswered:
                self.lose_sight()
            if time.monotonic() > until:
                return False
        return True

    def end(self) -> None:
        """Tell what otherwise would be told later."""
        for file, waiting in self.settling.files(Why.FRESH):
            if waiting.held is not None and self._keeper.is_whole(waiting.held):
                self._ledger.owed.give_up(file, waiting)
        for flood in self._floods.ended(math.inf):
            self._gaps.tell(flood.missed())
        self._gaps.report(math.inf)

    def _renamed(self, change: Change, source: Folder | None, cause: Cause, now: float) -> None:
        destination = self._locator.folder(change.new_folder, cause, now)
        if source is not None and self._floods.passes_over(source, cause.time_ns):
            source = None
        if destination is not None and self._floods.passes_over(destination, cause.time_ns):
            destination = None
        if source is None and destination is None:
            self.tally.outside += 1
        elif change.what & OF_FOLDER:
            self._folders.renamed(change, source, destination, cause, now)
        else:
            self._files.renamed(change, source, destination, cause, now)

    def _outside(self, change: Change, cause: Cause, now: float) -> None:
        self.tally.outside += 1
        if not change.what & OF_FOLDER:
            # A file inside may have a further name outside.
            self._files.happened_elsewhere(change, cause, now)
        elif change.what & CREATED:
            self._locator.outside.add(change.target)

    def _look_into_adopted(self, cause: Cause) -> None:
        for folder in self._locator.adopted:
            self.scanner.look_into(folder, "rescan", cause)
        self._locator.adopted.clear()

    def _of_nothing_in_particular(self, what: int, cause: Cause) -> None:
        if what & OVERFLOWED:
            self.tally.overflows += 1
            self._gaps.missed("queue_overflow", self._teller.heard_ns, cause.time_ns)
            self._compare_anew(cause)
        if what & UNHEARD:
            self._gaps.missed("watches_exhausted", self._teller.heard_ns, cause.time_ns)
        if what & COMPARE and not self.scanner.busy:
            self._compare_anew(cause)

    def _compare_flooded(self, flood: Flood) -> None:
        """Say that a workspace was passed over, and find out what became of it."""
        self._gaps.tell(flood.missed())
        if flood.workspace is self.tree.root:
            self._compare_anew(Cause(0, flood.until_ns))
        elif self.tree.holds(flood.workspace):
            self._locator.outside.clear()
            self._recoveries.begin(flood.workspace, Cause(0, flood.until_ns))

    def _compare_anew(self, cause: Cause) -> None:
        """Forget what can no longer be trusted, and compare everything."""
        for flood in self._floods.ended(math.inf):
            self._gaps.tell(flood.missed())
        self._recoveries.clear()
        self._ledger.doubt(self.tree.root)
        self.settling.clear()
        self._locator.outside.clear()
        self._disk.forget_places()
        self._compared_ns = cause.time_ns
        self.scanner.compare(self.tree.root, Cause(0, cause.time_ns))
