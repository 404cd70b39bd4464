"""The writer's thread: behind the spool, in nobody's way."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

import structlog

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.errors import CannotKeep, SpoolFull
from jcode_watcher.agent.snapshots.errors import NotWritten, SnapshotError
from jcode_watcher.agent.snapshots.notices import Notices
from jcode_watcher.agent.snapshots.tree import OpenTree, Tree
from jcode_watcher.agent.snapshots.versions import Shown, event_id_of, keys_of, write_event
from jcode_watcher.agent.spool import Due
from jcode_watcher.events import BadEvent, decode_event

LOG = structlog.get_logger()

ROUND_EVENTS_MAX: Final = 100
"""Between two looks at the free room."""
LET_GO_SECONDS: Final = 1.0
"""Pause between two transactions that let go, as each makes the keeper wait for an fsync."""
LET_GO_EVENTS_MAX: Final = 1_000
LAST_SECONDS_MAX: Final = 2.0
"""For what waits when the agent ends; the rest is written by the next start."""


Became = Shown | NotWritten | None
"""What became of an event; None where it was given up before its turn, and counted where that was done."""


class SnapshotWriter(threading.Thread):
    """Writes what is due until it is stopped. Whatever goes wrong is counted, and said now and then."""

    def __init__(
        self, tree: Tree, due: Due, database: sqlite3.Connection, free_bytes_min: int, backoff: Backoff
    ) -> None:
        """Take the connection of this thread."""
        super().__init__(name="snapshots", daemon=True)
        self._tree = tree
        self.due = due
        self._database = database
        self._free_bytes_min = free_bytes_min
        self._backoff = backoff
        self._woken = threading.Event()
        # An earlier start may have left something to write.
        self._woken.set()
        self._stopping = threading.Event()
        self._swept = False
        self._let_go_at = monotonic()
        self._failures = Notices(monotonic)
        self._troubles = Notices(monotonic)
        self._said_to_wait = False
        self._broken = False
        self.written = 0
        """Events that came into the tree."""
        self.written_bytes = 0
        self.failed: Counter[str] = Counter()
        """Versions that it does not show, by reason."""
        self.retries: Counter[str] = Counter()
        """Attempts after which everything had to wait, by reason."""
        self.waiting = 0
        self.trouble: str | None = None
        """Why the last attempt failed; None if it did not."""

    @property
    def stuck(self) -> bool:
        """Tell whether something waits and cannot be written."""
        return self._broken or (self.trouble is not None and self.waiting > 0)

    def wake(self) -> None:
        """Say that something was kept. Called in any thread."""
        self._woken.set()

    def stop(self) -> None:
        """Write what waits, as long as that is quick, and end."""
        self._stopping.set()
        self._woken.set()
        if self.is_alive():
            self.join(2 * LAST_SECONDS_MAX)

    def close(self) -> None:
        """Close the connection, unless a file system that hangs still holds the thread."""
        if not self.is_alive():
            self._database.close()

    def run(self) -> None:
        """Write until told to stop."""
        try:
            while not self._stopping.is_set():
                self._woken.wait(LET_GO_SECONDS)
                self._woken.clear()
                self._try(self._work)
            # What is marked still, the next start would look at once more.
            self._try(self._end)
        except Exception as error:  # the outermost loop: the agent does without the tree, and says so
            self.trouble = f"{type(error).__name__}: {error}"
            self._broken = True
            LOG.exception("snapshots are written no more")

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (SnapshotError, SpoolFull, CannotKeep, sqlite3.Error) as error:
            reason = error.reason if isinstance(error, SnapshotError) else "spool"
            self._note_trouble(reason, str(error))
            self._pause(self._backoff.pause())
        else:
            self._note_success()
        self._say_failures()

    def _pause(self, seconds: float) -> None:
        """Wait, and know meanwhile how much does."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            with suppress(sqlite3.Error):
                self.waiting = self.due.count(self._database)
            if self._stopping.wait(min(left, LET_GO_SECONDS)):
                return

    def _work(self) -> None:
        while ids := self.due.waiting(self._database, ROUND_EVENTS_MAX):
            self.waiting = self.due.count(self._database)
            self._write(ids)
            self._note_success()
            self._say_failures()
            if self._stopping.is_set():
                break
        self.waiting = 0 if not ids else self.due.count(self._database)
        if monotonic() >= self._let_go_at + LET_GO_SECONDS:
            self._let_go()

    def _end(self) -> None:
        until = monotonic() + LAST_SECONDS_MAX
        while monotonic() < until and (ids := self.due.waiting(self._database, ROUND_EVENTS_MAX)):
            self._write(ids)
        self._let_go()

    def _write(self, ids: list[str]) -> None:
        done: list[tuple[str, Became]] = []
        with self._tree.opened(self._free_bytes_min) as tree:
            self._sweep(tree)
            try:
                for event_id in ids:
                    became = self._write_one(tree, event_id)
                    done.append((event_id, became))
            finally:
                # Also of a round that fails in its midst, what came so far is in the tree.
                tree.sync()
                marked = self._note_done(done)
        if marked >= LET_GO_EVENTS_MAX:
            self._let_go()

    def _write_one(self, tree: OpenTree, event_id: str) -> Became:
        text = self.due.event(self._database, event_id)
        if text is None:
            return None
        try:
            return write_event(tree, decode_event(text))
        except NotWritten as error:
            return error
        except BadEvent as error:
            return NotWritten("other", f"{event_id}: {error}")

    def _note_done(self, done: Sequence[tuple[str, Became]]) -> int:
        """Count what is on disk, and what never will be; give how many still are marked."""
        marked = 0
        for event_id, became in done:
            marked = self.due.note_written(event_id)
            if isinstance(became, NotWritten):
                self._note_failure(became.reason, str(became))
            elif became is not None:
                self.written += 1
                self.written_bytes += became.bytes
                for path in became.replaced:
                    self._note_failure("too_many", f"{path}: no free name; the last is the newest version's")
        return marked

    def _let_go(self) -> None:
        self._let_go_at = monotonic()
        if gone := self.due.let_go(self._database):
            # Where that fails, a look at everything makes up for it.
            self._swept, swept = False, self._swept
            with self._tree.opened(0) as tree:
                tree.forget([key for event_id in gone for key in keys_of(event_id)])
            self._swept = swept

    def _sweep(self, tree: OpenTree) -> None:
        """Forget, once, what a start before this one let go of without coming to forget it."""
        if not self._swept:
            tree.forget([k for k in tree.begun() if self.due.event(self._database, event_id_of(k)) is None])
            self._swept = True

    def _note_failure(self, reason: str, detail: str) -> None:
        self.failed[reason] += 1
        self._failures.note(reason, detail)

    def _say_failures(self) -> None:
        for reason, detail, times in self._failures.to_say():
            LOG.warning("snapshots are left out", reason=reason, detail=detail, times=times)

    def _note_trouble(self, reason: str, detail: str) -> None:
        self.trouble = detail
        self.retries[reason] += 1
        self._troubles.note(reason, detail)
        for said in self._troubles.to_say():
            LOG.warning("snapshots have to wait", reason=said.reason, detail=said.detail, times=said.times)
            self._said_to_wait = True

    def _note_success(self) -> None:
        if self._said_to_wait:
            LOG.info("snapshots are written again")
            self._said_to_wait = False
        self._troubles.forget()
        self.trouble = None
        self._backoff.succeed()
