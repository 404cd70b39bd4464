"""Looks at files and folders whose time of quiet is over: what the events did not say, the disk says."""

import errno

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.keeping import Keeper, Outcome
from jcode_watcher.filemon.ledger import Ledger
from jcode_watcher.filemon.outside import Outside
from jcode_watcher.filemon.placing import Placing
from jcode_watcher.filemon.ports import Disk
from jcode_watcher.filemon.scanning import Scanner
from jcode_watcher.filemon.settling import OWED, Names, Thing, Waiting, Why
from jcode_watcher.filemon.tree import File, Folder

DEPTH_MAX = 4096
"""Folders in one another that are walked up; what lies deeper is taken as outside."""

LOOK_SECONDS = 0.0005
"""From one name of a file that has very many to the next."""


class SecondLooks:
    """Decides what to make of a file or folder for which nothing more was heard."""

    def __init__(
        self,
        ledger: Ledger,
        keeper: Keeper,
        disk: Disk,
        outside: Outside,
        placing: Placing,
        scanner: Scanner,
    ) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._disk = disk
        self._tree = ledger.tree
        self._outside = outside
        self._placing = placing
        self._scanner = scanner

    def look(self, thing: Thing, waiting: Waiting, now: float) -> None:
        """Look at one file or folder on the disk, and tell what is news."""
        if isinstance(thing, File):
            self._look_at(thing, waiting, now)
            return
        if isinstance(thing, Names):
            self._look_at_each(thing, waiting, now)
            return
        self._mends(thing, waiting.cause, now)
        if self._tree.holds(thing):
            self._scanner.check(thing, waiting.cause)

    def _look_at_each(self, names: Names, waiting: Waiting, now: float) -> None:
        """Have every name of a file looked at, one after the other, so that others need not wait."""
        settling = self._ledger.settling
        for number, file in enumerate(self._tree.names[names.key]):
            if settling.of(file) is None:
                settling.wait(file, Why.CROWDED, waiting.cause, now + number * LOOK_SECONDS)

    def _look_at(self, file: File, waiting: Waiting, now: float) -> None:
        if waiting.why is Why.FRESH:
            self._look_at_fresh(file, waiting, now)
            return
        key = self._ledger.key_now(file.folder, file.name)
        if key is None:
            self._missing(file, waiting)
            return
        if key != file.key:
            # Somebody took the name, and no event has told so; or overlayfs copied it up for a rename.
            self._ledger.file_for(file.folder, file.name, key)
            why = Why.CREATED if file.state is None else Why.UNCLEAR
            self._ledger.settling.wait(file, why, waiting.cause, now)
            return
        if self._look_as(file, waiting, now) is Outcome.ASTRAY and not self._mends(
            file.folder, waiting.cause, now
        ):
            # All is as believed, and yet no path leads there: something is mounted over it.
            self._ledger.owed.give_up(file, self._ledger.settling.settle(file))

    def _look_at_fresh(self, file: File, waiting: Waiting, now: float) -> None:
        """Tell what was read; if the file has left its name since, the event that says so is on its way."""
        outcome = self._keeper.keep_fresh(file, waiting, now)
        if outcome is Outcome.TOLD and waiting.held is not None and waiting.held.how == "rescan":
            self._scanner.changed += 1

    def _look_as(self, file: File, waiting: Waiting, now: float) -> Outcome:
        if waiting.why is Why.CREATED:
            if self._ledger.reader.came_complete(file):
                return self._keeper.keep(file, "linked", waiting.cause, now)
            # Nothing was written yet; someone may hold it open.
            self._ledger.settling.wait(file, Why.WRITTEN, waiting.cause, now)
            return Outcome.NO_NEWS
        if waiting.why in (Why.WRITTEN, Why.CROWDED):
            return self._keeper.keep(file, "held_open", waiting.cause, now)
        if waiting.why in OWED:
            return self._keeper.keep(file, "closed", waiting.cause, now)
        return self._keeper.keep(file, "rescan", waiting.cause, now)

    def _missing(self, file: File, waiting: Waiting) -> None:
        if waiting.why is Why.DISPLACED:
            self._ledger.delete(file, "moved_out", waiting.cause)
            return
        folder = file.folder
        if waiting.why in OWED:
            self._ledger.owed.tell_gone(file, waiting.cause)
        self._ledger.delete(file, "deleted", waiting.cause)
        # Events came merged, in an order that cannot have been; its folder is looked at as it is.
        self._scanner.check(folder, waiting.cause)

    def _mends(self, folder: Folder, cause: Cause, now: float) -> bool:
        """Put a folder, and those around it, where the disk says they are; False if all are there."""
        try:
            way = self._way_down(folder.key)
        except OSError as e:
            if e.errno in (errno.ESTALE, errno.ENOENT) and self._tree.holds(folder):
                self._ledger.lose_folder(folder, "deleted", cause)
            return True
        if way is None:
            self._hide([folder.key], cause)
            return True
        return self._follow_down(way, cause, now)

    def _way_down(self, key: bytes) -> list[tuple[bytes, bytes]] | None:
        """Give keys and names from below the root down to a folder; None if it is outside."""
        way: list[tuple[bytes, bytes]] = []
        while key != self._tree.root.key:
            above = self._disk.parent_of(key)
            if above is None or len(way) >= DEPTH_MAX:
                return None
            way.append((key, above[1]))
            key = above[0]
        way.reverse()
        return way

    def _follow_down(self, way: list[tuple[bytes, bytes]], cause: Cause, now: float) -> bool:
        # From the top down: a folder is given its place in one that has its own, so never in itself.
        mended = False
        parent = self._tree.root
        for depth, (key, name) in enumerate(way):
            folder = self._tree.folder(key)
            if folder is None:
                folder = self._placing.add(parent, name, key, cause, now)
                mended = True
            elif folder.parent is not parent or folder.name != name:
                self._placing.place(folder, parent, name, cause, now)
                mended = True
            if folder.parent is not parent:
                return True  # The disk has changed since; both wait for another look.
            if folder.pruned:
                self._hide([inner for inner, _ in way[depth + 1 :]], cause)
                return True
            parent = folder
        return mended

    def _hide(self, keys: list[bytes], cause: Cause) -> None:
        """Forget folders that lie where nobody looks."""
        for key in keys:
            folder = self._tree.folder(key)
            if folder is not None:
                self._ledger.lose_folder(folder, "moved_out", cause)
            self._outside.add(key)
