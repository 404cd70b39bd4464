"""Compares workspaces that were passed over with what was told of them, in a time that others do not miss."""

import math
from typing import Final

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.keeping import Keeper
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.shares import CONTENT_BYTES, SHARE_PER_SECOND
from jcode_watcher.filemon.tree import Folder

AHEAD_SECONDS: Final = 0.02
"""What is told may be so much ahead of its pace: pauses are few, and long enough to rest."""


class Recoveries:
    """Takes the workspaces by turns, a step each; what is found is told no faster than one workspace may."""

    def __init__(self, ledger: Ledger, keeper: Keeper, disk: Disk, tally: Tally) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._disk = disk
        self._tally = tally
        self.scanners: dict[Folder, Scanner] = {}
        """Of each workspace, in the order of their turns."""
        self._told_until = 0.0
        """At that pace."""

    def __len__(self) -> int:
        return len(self.scanners)

    @property
    def due(self) -> float:
        """The moment at which the next step may be taken; never where nothing is left to do."""
        return self._told_until - AHEAD_SECONDS if self.scanners else math.inf

    def begin(self, workspace: Folder, cause: Cause) -> None:
        """Trust nothing that was told of a workspace, and begin to compare it, anew if that is under way."""
        self.scanners.pop(workspace, None)
        self._ledger.doubt(workspace)
        scanner = Scanner(self._ledger, self._keeper, self._disk, self._tally)
        scanner.compare(workspace, cause)
        self.scanners[workspace] = scanner

    def clear(self) -> None:
        """Leave off, as everything will be compared."""
        self.scanners.clear()

    def step(self, now: float) -> None:
        """Do one small piece of the work. Unanswered if the disk is not."""
        if now < self.due:
            return
        workspace, scanner = next(iter(self.scanners.items()))
        files, content_bytes = scanner.looked, self._tally.content_bytes
        scanner.step(now)
        told = scanner.looked - files + (self._tally.content_bytes - content_bytes) / CONTENT_BYTES
        if told:
            self._told_until = max(self._told_until, now) + told / SHARE_PER_SECOND
        del self.scanners[workspace]
        if scanner.busy:
            self.scanners[workspace] = scanner
