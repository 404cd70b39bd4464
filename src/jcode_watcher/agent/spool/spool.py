"""The keeper's side of the spool: after `keep` an event cannot be lost."""

import sqlite3
from collections import Counter
from collections.abc import Sequence

import msgspec
import structlog

from jcode_watcher.agent.errors import SpoolFull
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool.database import transaction
from jcode_watcher.agent.spool.dropped import dropped_with, full_gap
from jcode_watcher.agent.spool.due import Due
from jcode_watcher.agent.spool.files import KnownFiles
from jcode_watcher.agent.spool.level import Level
from jcode_watcher.agent.spool.marker import Marker
from jcode_watcher.agent.spool.rings import Rings
from jcode_watcher.agent.spool.room import Room
from jcode_watcher.events import Envelope, kind_of, moment

LOG = structlog.get_logger()

RESUME_PART = 8
"""A spool that was full takes events again when this part of it is free: else each would bring its gap."""


class Spool:
    """Numbers events and keeps them with the file states they make true: all of a batch, or none of it."""

    def __init__(
        self,
        database: sqlite3.Connection,
        agent: str,
        node: str,
        level: Level,
        rings: Rings | None = None,
        due: Due | None = None,
    ) -> None:
        """Take the connection of the keeper's thread and the names of this start."""
        self._database = database
        self._due = due
        self._files = KnownFiles(database)
        self._room = Room(database)
        self._agent = agent
        self._node = node
        self._level = level
        self._rings = rings or Rings(database)
        self._marker = Marker(database, agent)
        self._dropped = self._marker.left
        self._said_full = False
        self.full = False
        self.seq = 0
        """Of the last event kept."""
        self.kept: Counter[str] = Counter()
        """Events by kind."""
        self.dropped: Counter[str] = Counter()
        """Events by kind that found no room."""
        self._marker.note(self.seq, self._dropped)

    def keep(self, drafts: Sequence[Draft], alive_ns: int | None) -> Sequence[Draft]:
        """Keep what there is room for; give what was dropped.

        With it is kept that everything before `alive_ns` was, unless some of it was not.
        """
        dropped = self._keep(drafts, alive_ns)
        self._marker.note(self.seq, self._dropped)
        return dropped

    def _keep(self, drafts: Sequence[Draft], alive_ns: int | None) -> Sequence[Draft]:
        if self.full and self._room.left_bytes() < self._room.possible_bytes() // RESUME_PART:
            return self._drop(drafts)
        self.full = False
        stated = [full_gap(self._dropped)] if self._dropped else []
        try:
            self._keep_all([*stated, *drafts], alive_ns)
        except SpoolFull:
            return self._keep_some(drafts)
        if self._dropped:
            LOG.info("the spool takes events again", dropped=self._dropped.events)
            self._dropped = None
            self._said_full = False
        return ()

    def _keep_some(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        if len(drafts) <= 1:
            self._note_full()
            return self._drop(drafts)
        middle = len(drafts) // 2
        return [*self._keep(drafts[:middle], None), *self._keep(drafts[middle:], None)]

    def _keep_all(self, drafts: Sequence[Draft], alive_ns: int | None) -> None:
        rows = [self._row(draft, self.seq + number) for number, draft in enumerate(drafts, 1)]
        seq = self.seq + len(rows)
        size = sum(row[4] for row in rows)
        if size > (left := self._room.left_bytes()):
            raise SpoolFull(f"{size} bytes to keep, room for {left}")
        with transaction(self._database):
            if self._due:
                self._due.mark(
                    self._database, [(row[2], draft) for row, draft in zip(rows, drafts, strict=True)]
                )
            self._database.executemany(
                "INSERT INTO events (agent, seq, id, time_ns, bytes, json) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
            self._files.apply(change for draft in drafts for change in draft.changes)
            self._rings.keep(draft.reading for draft in drafts)
            self._database.execute(
                "UPDATE starts SET last_seq = ?, alive_ns = MAX(alive_ns, COALESCE(?, 0)) WHERE agent = ?",
                (seq, alive_ns, self._agent),
            )
        self.seq = seq
        self._marker.counted = self._marker.counted or seq > 0
        self._rings.kept()
        self.kept.update(kind_of(draft.body) for draft in drafts)
        self._level.change(len(rows), size)

    def _row(self, draft: Draft, seq: int) -> tuple[str, int, str, int, int, bytes]:
        event_id = f"{self._agent}.{seq}"
        text = msgspec.json.encode(
            Envelope(
                id=event_id,
                kind=kind_of(draft.body),
                time=moment(draft.time_ns),
                node=self._node,
                agent=self._agent,
                seq=seq,
                subject=draft.subject,
                body=draft.body,
            )
        )
        return self._agent, seq, event_id, draft.time_ns, len(text), text

    def _note_full(self) -> None:
        if not self._said_full:
            self._said_full = True
            LOG.error(
                "the spool is full: what happens is not kept until there is room",
                possible_bytes=self._room.possible_bytes(),
            )
        self.full = True

    def _drop(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        if drafts:
            dropped = dropped_with(self._dropped, drafts)
            self._dropped = dropped if self._marker.counted else dropped._replace(events=None)
        self.dropped.update(kind_of(draft.body) for draft in drafts)
        # They are told as dropped, and never again.
        self._rings.note(draft.reading for draft in drafts)
        return drafts
