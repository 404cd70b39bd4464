"""Finds the folder of a change: known, below the root but not come across yet, or outside."""

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.floods import Floods
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.outside import Outside
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.tree import Folder


class Locator:
    """Answers from memory where it can, and asks the disk once where it cannot."""

    def __init__(self, ledger: Ledger, disk: Disk, floods: Floods, tally: Tally) -> None:
        self.outside = Outside()
        self.adopted: list[Folder] = []
        """Folders that nobody had told of, and that nobody has looked into yet."""
        self._ledger = ledger
        self._tree = ledger.tree
        self._disk = disk
        self._floods = floods
        self._tally = tally

    def folder(self, key: bytes, cause: Cause, now: float) -> Folder | None:
        """Give the folder with this key; None if it is outside the root, pruned, or gone."""
        folder = self._tree.folder(key)
        if folder is not None:
            return None if folder.pruned else folder
        return None if key in self.outside else self._adopt(key, cause, now)

    def _adopt(self, key: bytes, cause: Cause, now: float) -> Folder | None:
        """Walk up from a folder that is not known to one that is."""
        steps: list[tuple[bytes, bytes]] = []
        parent = None
        while parent is None:
            try:
                above = self._disk.parent_of(key)
            except OSError:
                self._tally.vanished += 1
                return None
            if above is None or above[0] in self.outside:
                self._dismiss([key, *(k for k, _ in steps)])
                return None
            steps.append((key, above[1]))
            key = above[0]
            parent = self._tree.folder(key)
        if parent.pruned or self._floods.passes_over(parent, cause.time_ns):
            self._dismiss([k for k, _ in steps])
            return None
        return self._attach(parent, steps, cause, now)

    def _attach(
        self, parent: Folder, steps: list[tuple[bytes, bytes]], cause: Cause, now: float
    ) -> Folder | None:
        while steps:
            key, name = steps.pop()
            parent = self._ledger.add_folder(parent, name, key, cause, now)
            self.adopted.append(parent)
            if parent.pruned:
                self._dismiss([k for k, _ in steps])
                return None
        return parent

    def _dismiss(self, keys: list[bytes]) -> None:
        for key in keys:
            self.outside.add(key)
