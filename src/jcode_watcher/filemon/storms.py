"""How often one file is kept: a program that saves without end must not fill the spool with one file."""

from jcode_watcher.filemon.facts import Missed
from jcode_watcher.filemon.tree import File

VERSIONS_PER_SECOND_MAX = 100
"""Of one file: twice what is promised. What comes beyond is counted, and the last of it always kept."""
WINDOW_SECONDS = 1.0
TELL_SECONDS = 1.0
"""Saves that were not kept are told together, of all files, at most so often."""
REASON = "save_storm"


class Storms:
    """Counts the versions of each file second by second, and what was too much. No clock of its own."""

    def __init__(self) -> None:
        self._passed_over = 0
        self._since_ns = 0
        self._until_ns = 0
        self._due = 0.0

    def passes_over(self, file: File, time_ns: int, now: float) -> bool:
        """Tell whether a save is one too many for this second, and count it if it is."""
        if file.versions < VERSIONS_PER_SECOND_MAX or now - file.window_began >= WINDOW_SECONDS:
            return False
        if not self._passed_over:
            self._since_ns = time_ns
            self._due = now + TELL_SECONDS
        self._passed_over += 1
        self._until_ns = time_ns
        return True

    def kept(self, file: File, now: float) -> None:
        """Count one version of a file."""
        if now - file.window_began >= WINDOW_SECONDS:
            file.window_began = now
            file.versions = 0
        file.versions += 1

    def report(self, now: float) -> Missed | None:
        """Give what was passed over, once it is time to tell of it; None where it is not."""
        if not self._passed_over or now < self._due:
            return None
        count, self._passed_over = self._passed_over, 0
        return Missed(reason=REASON, count=count, since_ns=self._since_ns, until_ns=self._until_ns)
