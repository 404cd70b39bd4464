"""The keeper's thread: takes what was captured, has it reported, and keeps it. Then it cannot be lost."""

import threading
from collections.abc import Callable, Sequence
from heapq import merge
from time import monotonic
from typing import NamedTuple

from jcode_watcher.agent.intake.intake import Intake
from jcode_watcher.agent.intake.news import FileNews, News, ProcessNews, Statement
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.reporting.reporter import Reporter
from jcode_watcher.agent.spool import Spool

FACTS_MAX = 500
"""Facts of a source in one transaction."""
LINGER_SECONDS = 0.02
"""How long the first fact waits for others to share its transaction, as each costs an fsync."""
IDLE_SECONDS = 0.5
"""Pause between two signs of life when nothing happens."""
WRITER_SECONDS_MAX = 0.25
"""How long a save waits, from its arrival, for the facts that name its writer."""
WRITER_POLL_SECONDS = 0.005
END_SECONDS_MAX = 0.25
"""How long a save waits further for the end of its writer, where that is gone and no record named it."""
PROCESSES_MAX = 5_000
"""Facts about processes that may join a transaction while it waits for writers."""


class Clocks(NamedTuple):
    """Where the keeper learns what time it is."""

    now_ns: Callable[[], int]
    """Wall clock."""
    told_until_ns: Callable[[], int]
    """Wall time before which everything about processes has been told."""
    captured_until_ns: Callable[[], int]
    """Wall time before which everything, also about files, has been told."""


class Came(NamedTuple):
    """Facts that came while they were waited for, and up to when they are all."""

    processes: list[ProcessNews]
    told_until_ns: int


class Pulse:
    """A statement that is due again and again."""

    def __init__(self, seconds: float, state: Callable[[], Statement]) -> None:
        self._seconds = seconds
        self._state = state
        self._due = monotonic() + seconds

    def due(self) -> list[Statement]:
        """Give the statement if it is due."""
        if monotonic() < self._due:
            return []
        self._due = monotonic() + self._seconds
        return [self._state()]


class Keeper(threading.Thread):
    """Runs until the intake is closed and empty; what went wrong before that stands in `failure`."""

    def __init__(
        self,
        intake: Intake,
        reporter: Reporter,
        spool: Spool,
        clocks: Clocks,
        pulse: Pulse,
        kept: Callable[[], None],
    ) -> None:
        """Take what it works on; `kept` is called after each transaction and when it ends."""
        super().__init__(name="keeper", daemon=True)
        self._intake = intake
        self._reporter = reporter
        self._spool = spool
        self._clocks = clocks
        self._pulse = pulse
        self._kept = kept
        self.failure: Exception | None = None
        self.beat = monotonic()
        """When it last kept something, on the monotonic clock."""

    def run(self) -> None:
        """Keep until there is nothing more to come."""
        try:
            while not self._intake.closed or len(self._intake):
                self.keep_once()
        except Exception as error:  # noqa: BLE001 - the outermost loop: the program ends and says why
            self.failure = error
        finally:
            self._intake.close()
            self._kept()

    def keep_once(self) -> None:
        """Take one batch and keep it; with nothing to keep, leave a sign of life."""
        news: list[News] = self._intake.take(FACTS_MAX, IDLE_SECONDS, LINGER_SECONDS)
        drafts = self._report([*news, *self._pulse.due()])
        alive_ns = self._alive_ns()
        self._reporter.dropped(self._spool.keep(drafts, alive_ns))
        self._reporter.kept_until(alive_ns)
        self.beat = monotonic()
        self._kept()

    def _report(self, news: Sequence[News]) -> list[Draft]:
        """Report in the order of time: a program starts before it writes, a source is saved before built."""
        files = [item for item in news if isinstance(item, FileNews)]
        processes = [item for item in news if isinstance(item, ProcessNews)]
        said = [item for item in news if isinstance(item, Statement)]
        processes += self._wait_for_writers(files)
        # Each source's own order stands, also where its clock does not agree with it.
        sources: tuple[Sequence[News], ...] = (processes, files, said)
        ordered = merge(*sources, key=lambda item: item.time_ns)
        drafts = [draft for item in ordered for draft in self._reporter.drafts(item)]
        came = self._wait_for_ends(drafts)
        ends = [draft for item in came.processes for draft in self._reporter.drafts(item)]
        return self._reporter.finished([*drafts, *ends], came.told_until_ns)

    def _wait_for_writers(self, files: Sequence[FileNews]) -> list[ProcessNews]:
        """Give the facts about processes that come until all is told up to the latest save."""
        if not files:
            return []
        until_ns = max(news.time_ns for news in files)
        deadline = max(news.arrived_seconds for news in files) + WRITER_SECONDS_MAX
        return self._processes_until(until_ns, deadline).processes

    def _wait_for_ends(self, drafts: Sequence[Draft]) -> Came:
        """Give what comes until all is told up to now, where a writer is neither known nor there.

        A process that only forked has no record but that of its end.
        """
        if self._reporter.knows_writers(drafts):
            return Came([], 0)
        return self._processes_until(self._clocks.now_ns(), monotonic() + END_SECONDS_MAX)

    def _processes_until(self, until_ns: int, deadline: float) -> Came:
        """Give the facts about processes that come until all is told up to a time, or the deadline passes."""
        came: list[ProcessNews] = []
        while (told_ns := self._clocks.told_until_ns()) < until_ns and len(came) < PROCESSES_MAX:
            left = deadline - monotonic()
            if left <= 0 or self._intake.closed:
                break
            came += self._intake.take_processes(PROCESSES_MAX, min(left, WRITER_POLL_SECONDS))
        # What was told before the watermark moved may have come since.
        return Came(came + self._intake.take_processes(PROCESSES_MAX, 0), told_ns)

    def _alive_ns(self) -> int:
        """Give the time before which everything that was captured is in this batch or kept."""
        told_ns = min(self._clocks.captured_until_ns(), self._clocks.now_ns())
        waiting_ns = self._intake.since_ns()
        return told_ns if waiting_ns is None else min(told_ns, waiting_ns)
