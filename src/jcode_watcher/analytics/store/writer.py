"""The only one who writes to the store, and how an event is stored exactly once.

A commit does, in this order, each step on disk before the next:

1. asks `known_ids` which of the events are stored already;
2. inserts the contents that the new events name;
3. inserts the new events, numbered with this commit, as one part: all of them or none;
4. inserts their ids into `known_ids`.

`events` is the truth, `known_ids` an index of it that answers by id in milliseconds. A kill between 3 and 4
leaves events that the index lacks; they carry a commit number that the index has not completed, so `catch_up`
finds and adds them before the next question is asked: at start, and after every commit that failed.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from jcode_watcher.analytics.store.connection import Connection, json_list
from jcode_watcher.analytics.store.contents import insert_contents
from jcode_watcher.analytics.store.disk import Disk
from jcode_watcher.analytics.store.rows import NewEvent


class _Id(msgspec.Struct):
    id: str


class _Number(msgspec.Struct):
    number: int


IDS = msgspec.json.Decoder(_Id)
NUMBER = msgspec.json.Decoder(_Number)

CONTENTS_KNOWN_MAX = 50_000
"""Contents remembered as kept, so that a class's common files are not inserted again and again."""
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()

ASK_IDS = """
SELECT id FROM known_ids
WHERE id IN (SELECT arrayJoin(JSONExtract({ids:String}, 'Array(String)')))
"""
LAST_COMMIT = {
    "events": "SELECT max(commit) AS number FROM events",
    "known_ids": "SELECT max(commit) AS number FROM known_ids",
}
CATCH_UP = """
INSERT INTO known_ids (id, commit)
SELECT id, commit FROM events WHERE commit >= {since:UInt64}
AND id NOT IN (SELECT id FROM known_ids WHERE commit >= {since:UInt64})
ORDER BY commit
"""


class Writer:
    """Used by one thread, and by one process: the store's lock sees to that."""

    def __init__(self, connection: Connection, disk: Disk) -> None:
        self._connection = connection
        self._disk = disk
        self._last_commit = 0
        self._index_is_complete = False
        self._contents_known: dict[str, None] = {}

    def commit(self, events: Sequence[NewEvent]) -> list[bool]:
        """Store the events that are new; tell of each whether it was. On return they are on disk.

        StoreFailed: all, some or none may be stored; sending them again is safe.
        """
        self._disk.need_room()
        if not self._index_is_complete:
            self.catch_up()
        new = self._new_of(events)
        if new:
            self._index_is_complete = False
            self._insert(list(new.values()))
            self._index_is_complete = True
        return [new.get(event.row.id) is event for event in events]

    def catch_up(self) -> None:
        """Make the index hold every stored event, whatever was interrupted."""
        since = self._number("known_ids")
        self._connection.answer(CATCH_UP, "Null", {"since": since})
        self._last_commit = max(self._last_commit, since, self._number("events"))
        self._index_is_complete = True

    def probe(self) -> None:
        """Write what changes nothing, the empty content, to see if the disk takes it; else StoreFailed."""
        self._disk.need_room()
        insert_contents(self._connection, {EMPTY_SHA256: b""})

    def _new_of(self, events: Sequence[NewEvent]) -> dict[str, NewEvent]:
        new: dict[str, NewEvent] = {}
        for event in events:
            new.setdefault(event.row.id, event)
        for found in self._connection.rows(ASK_IDS, IDS, ids=json_list(list(new))):
            new.pop(found.id, None)
        return new

    def _insert(self, events: list[NewEvent]) -> None:
        self._insert_contents(events)
        self._last_commit += 1
        for event in events:
            event.row.commit = self._last_commit
        rows = [event.row for event in events]
        self._connection.insert("events", rows)
        self._connection.insert("known_ids", [{"id": row.id, "commit": row.commit} for row in rows])

    def _insert_contents(self, events: list[NewEvent]) -> None:
        contents = {
            event.row.sha256: event.content
            for event in events
            if event.content is not None and event.row.sha256 not in self._contents_known
        }
        if contents:
            insert_contents(self._connection, contents)
        self._remember(contents)

    def _remember(self, contents: dict[str, bytes]) -> None:
        self._contents_known |= dict.fromkeys(contents)
        for oldest in list(self._contents_known)[:-CONTENTS_KNOWN_MAX]:
            del self._contents_known[oldest]

    def _number(self, table: str) -> int:
        return self._connection.rows(LAST_COMMIT[table], NUMBER)[0].number
