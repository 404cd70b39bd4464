"""The one door between capture and keeping.

Processes and files wait in lanes of their own: a flood of saves must not hold up the facts that name their
writers.
"""

import threading
from collections.abc import Sequence
from time import monotonic
from typing import Final

from jcode_watcher.agent.intake.lane import Lane
from jcode_watcher.agent.intake.news import FileNews, News, ProcessNews, Statement
from jcode_watcher.filemon.facts import Fact as FileFact
from jcode_watcher.procmon.facts import Fact as ProcessFact

FILE_FACTS_MAX = 49_152
"""So many may come while the disk that keeps them stalls; then the file monitors wait."""
STATEMENTS_MAX = 1_000
UNWEIGHED: Final = 1
"""Room in bytes for items that weigh nothing."""


class Intake:
    """Put by the monitors' threads, taken by the keeper's."""

    def __init__(self, facts_max: int, bytes_max: int) -> None:
        """Take the most facts about processes that may wait, and the most bytes of file contents."""
        self._changed = threading.Condition()
        self.processes: Lane[ProcessNews] = Lane(self._changed, facts_max, UNWEIGHED)
        self.files: Lane[FileNews] = Lane(self._changed, FILE_FACTS_MAX, bytes_max)
        self.statements: Lane[Statement] = Lane(self._changed, STATEMENTS_MAX, UNWEIGHED)
        self._lanes = (self.processes, self.files, self.statements)

    def put_processes(self, facts: Sequence[ProcessFact]) -> None:
        """Queue facts about processes; waits for room."""
        self.processes.put(map(ProcessNews, facts))

    def put_files(self, root: bytes, facts: Sequence[FileFact]) -> None:
        """Queue facts about files below a root; waits for room."""
        arrived = monotonic()
        self.files.put(FileNews(root, fact, arrived) for fact in facts)

    def put_statement(self, statement: Statement) -> None:
        """Queue what the agent says of itself."""
        self.statements.put((statement,))

    def take(self, items_max: int, wait_seconds: float, linger_seconds: float) -> list[News]:
        """Give what waits, at most `items_max` of each source.

        Waits for the first item at most `wait_seconds`, then `linger_seconds` for others to share its trip.
        """
        with self._changed:
            if self._changed.wait_for(lambda: self.closed or len(self) > 0, wait_seconds):
                self._changed.wait_for(lambda: self.closed or len(self) >= items_max, linger_seconds)
            taken: list[News] = [news for lane in self._lanes for news in lane.pop(items_max)]
            self._changed.notify_all()
            return taken

    def take_processes(self, items_max: int, wait_seconds: float) -> list[ProcessNews]:
        """Give the facts about processes that wait; waits for the first at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or len(self.processes) > 0, wait_seconds)
            taken = self.processes.pop(items_max)
            self._changed.notify_all()
            return taken

    def since_ns(self) -> int | None:
        """Give the earliest that what waits, of any source, may have happened; None where nothing waits."""
        with self._changed:
            return min((at for lane in self._lanes if (at := lane.since_ns()) is not None), default=None)

    def __len__(self) -> int:
        """Count what waits."""
        return sum(len(lane) for lane in self._lanes)

    @property
    def closed(self) -> bool:
        """Whether nothing more comes."""
        return self.statements.closed

    @property
    def refused(self) -> int:
        """Count what came after the end; nobody could keep it."""
        return sum(lane.refused for lane in self._lanes)

    def close(self) -> None:
        """Take no more; what waits can still be taken, and who waits for room waits no longer."""
        with self._changed:
            for lane in self._lanes:
                lane.close()
            self._changed.notify_all()
