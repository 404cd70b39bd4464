"""Workspaces that bring more than the others can wait for: passed over for a while, and then compared."""

from collections.abc import Iterator
from typing import Final

from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import Missed
from jcode_watcher.filemon.settling import Names, Thing
from jcode_watcher.filemon.shares import SHARE_PER_SECOND, Shares
from jcode_watcher.filemon.tree import File, Folder, Tree

REASON: Final = "workspace_flood"
SECONDS_MIN: Final = 1.0
SECONDS_MAX: Final = 30.0


class Flood:
    """One workspace of which nothing is followed for the moment."""

    __slots__ = ("due", "since_ns", "until_ns", "workspace")

    def __init__(self, workspace: Folder, due: float, time_ns: int) -> None:
        self.workspace = workspace
        self.due = due
        self.since_ns = self.until_ns = time_ns

    def missed(self) -> Missed:
        """Say that nobody knows what happened in the workspace, and when; its name is empty for the root."""
        workspace, since_ns, until_ns = self.workspace.name, self.since_ns, self.until_ns
        return Missed(reason=REASON, count=None, since_ns=since_ns, until_ns=until_ns, workspace=workspace)


class Floods:
    """Knows which workspaces are passed over, and until when. No clock of its own."""

    def __init__(self, tree: Tree, shares: Shares, tally: Tally) -> None:
        self._tree = tree
        self._shares = shares
        self._tally = tally
        self.under_way: dict[Folder, Flood] = {}
        """By workspace."""

    def __len__(self) -> int:
        return len(self.under_way)

    def passes_over(self, folder: Folder, time_ns: int) -> bool:
        """Tell whether what happened in a folder is not followed; it is counted then."""
        if not self.under_way and not self._shares.overdrawn:
            return False
        self._shares.forgive()
        workspace = folder.workspace
        flood = self.under_way.get(workspace) or self._begin(workspace, time_ns)
        if flood is None:
            return False
        flood.until_ns = time_ns
        self._tally.flooded += 1
        return True

    def covers(self, thing: Thing, since_ns: int) -> bool:
        """Tell whether what waits since then to be looked at lies in a workspace that is passed over."""
        if not self.under_way or isinstance(thing, Names):
            return False
        folder = thing.folder if isinstance(thing, File) else thing
        flood = self.under_way.get(folder.workspace)
        if flood is None:
            return False
        flood.since_ns = min(flood.since_ns, since_ns)
        return True

    def ended(self, now: float) -> Iterator[Flood]:
        """Give, and let go of, each flood that has lasted long enough."""
        for flood in [flood for flood in self.under_way.values() if flood.due <= now]:
            # The end of one may be that of all.
            if self.under_way.pop(flood.workspace, None) is not None:
                yield flood

    def next_due(self) -> float | None:
        """Give the earliest moment at which a flood ends; None if there is none."""
        return min((flood.due for flood in self.under_way.values()), default=None)

    def _begin(self, workspace: Folder, time_ns: int) -> Flood | None:
        if workspace.name not in self._shares.overdrawn:
            return None
        if self._shares.left(workspace.name) >= 0:
            self._shares.overdrawn.discard(workspace.name)
            return None
        # It will be compared, and each of its files may have to be told: that uses up its share, too.
        seconds = SECONDS_MIN + sum(1 for _ in self._tree.files_under(workspace)) / SHARE_PER_SECOND
        flood = Flood(workspace, self._shares.now + min(seconds, SECONDS_MAX), time_ns)
        self.under_way[workspace] = flood
        self._tally.floods += 1
        return flood
