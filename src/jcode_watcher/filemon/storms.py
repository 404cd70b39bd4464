"""How much is kept of one file, and of one student: a storm must not fill the spool, nor hold up others."""

from typing import Final

from jcode_watcher.filemon.facts import Missed
from jcode_watcher.filemon.tree import File

VERSIONS_PER_SECOND_MAX: Final = 100
"""Of one file, under all its names together: twice what is promised. The last version is always kept."""
WINDOW_SECONDS: Final = 1.0
WORKSPACE_VERSIONS_MAX: Final = 100_000
"""Of files that were kept in the same second before, in one folder below the root, at once."""
WORKSPACE_VERSIONS_PER_SECOND: Final = 2_000
"""Of such files, for long. An archive, however large, brings each file once, and is not limited."""
WORKSPACES_MAX: Final = 20_000
NAME_SECONDS: Final = 0.002
"""How much longer a file waits to be looked at for each further name: all are looked at then."""
WORKSPACE_SECONDS: Final = 1.0
"""How much longer a file waits where its workspace has used up what it may."""
TELL_SECONDS: Final = 1.0
"""Saves that were not kept are told together, of all files, at most so often."""
REASON: Final = "save_storm"


class Storms:
    """Counts the versions of each file and each workspace, and what was too much. No clock of its own."""

    def __init__(self) -> None:
        self._left: dict[bytes, tuple[float, float]] = {}
        """What a workspace had left, and when."""
        self._now = 0.0
        self._passed_over = 0
        self._since_ns = 0
        self._until_ns = 0
        self._due = 0.0

    def crowded(self, file: File, names: int, time_ns: int, now: float) -> float | None:
        """Tell whether a save is one too many: then count it, and give how much longer than usual to wait."""
        self._now = now
        further_seconds = self._too_many(file, names)
        if further_seconds is not None:
            self._count(time_ns)
        return further_seconds

    def crowded_out(self, file: File, time_ns: int) -> bool:
        """Likewise of a save that nobody could read any more, at the moment that was last asked about."""
        return self.crowded(file, 1, time_ns, self._now) is not None

    def kept(self, file: File) -> None:
        """Count one version of a file, at the moment that was last asked about."""
        if self._now - file.window_began >= WINDOW_SECONDS:
            file.window_began = self._now
            file.versions = 1
            return
        file.versions += 1
        if len(self._left) >= WORKSPACES_MAX:
            self._left.clear()
        workspace = workspace_of(file)
        self._left[workspace] = (self._left_of(workspace) - 1, self._now)

    def report(self, now: float) -> Missed | None:
        """Give what was passed over, once it is time to tell of it; None where it is not."""
        if not self._passed_over or now < self._due:
            return None
        count, self._passed_over = self._passed_over, 0
        return Missed(reason=REASON, count=count, since_ns=self._since_ns, until_ns=self._until_ns)

    def _too_many(self, file: File, names: int) -> float | None:
        versions_max = max(1, VERSIONS_PER_SECOND_MAX // max(1, names))
        if file.versions >= versions_max and self._now - file.window_began < WINDOW_SECONDS:
            return (names - 1) * NAME_SECONDS
        if self._left_of(workspace_of(file)) < 1:
            return WORKSPACE_SECONDS
        return None

    def _left_of(self, workspace: bytes) -> float:
        left, at = self._left.get(workspace, (WORKSPACE_VERSIONS_MAX, self._now))
        return min(WORKSPACE_VERSIONS_MAX, left + (self._now - at) * WORKSPACE_VERSIONS_PER_SECOND)

    def _count(self, time_ns: int) -> None:
        if not self._passed_over:
            self._since_ns = time_ns
            self._due = self._now + TELL_SECONDS
        self._passed_over += 1
        self._until_ns = time_ns


def workspace_of(file: File) -> bytes:
    """Give the folder below the root in which a file lies: a student's."""
    return file.folder.path.partition(b"/")[0]
