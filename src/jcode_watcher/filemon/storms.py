"""How much is kept of one file: a program that saves it without end must not fill the spool."""

from typing import Final

from jcode_watcher.filemon.tree import File
from jcode_watcher.filemon.uncaught import Uncaught

VERSIONS_PER_SECOND_MAX: Final = 100
"""Of one file, under all its names together: twice what is promised. The last version is always kept."""
WINDOW_SECONDS: Final = 1.0
NAME_SECONDS: Final = 0.002
"""How much longer a file waits to be looked at for each further name: all are looked at then."""
REASON: Final = "save_storm"


class Storms:
    """Counts the versions of each file, and what was too much. No clock of its own."""

    def __init__(self) -> None:
        self._now = 0.0
        self.uncaught = Uncaught(REASON)

    def crowded(self, file: File, names: int, time_ns: int, now: float) -> float | None:
        """Tell whether a save is one too many: then count it, and give how much longer than usual to wait."""
        self._now = now
        versions_max = max(1, VERSIONS_PER_SECOND_MAX // max(1, names))
        if file.versions < versions_max or now - file.window_began >= WINDOW_SECONDS:
            return None
        self.uncaught.count(time_ns, now)
        return (names - 1) * NAME_SECONDS

    def crowded_out(self, file: File, time_ns: int) -> bool:
        """Likewise of a save that nobody could read any more, at the moment that was last asked about."""
        return self.crowded(file, 1, time_ns, self._now) is not None

    def kept_first(self, file: File, now: float) -> None:
        """Count the first version of a file since its window of time is over."""
        self._now = file.window_began = now
        file.versions = 1

    def kept(self, file: File) -> None:
        """Count one version of a file, at the moment that was last asked about."""
        if self._now - file.window_began >= WINDOW_SECONDS:
            file.window_began = self._now
            file.versions = 0
        file.versions += 1
