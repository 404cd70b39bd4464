"""Publishes stored events."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from jcode_watcher.analytics.store import EventRow
from jcode_watcher.serving import Fanout, Missed, Subscription

READY = '{"type":"ready"}'
GAP = "monitor.gap"


class Watched(NamedTuple):
    """What a viewer wants to see; None stands for everything."""

    course: str | None = None
    section: str | None = None
    student: str | None = None

    def wants(self, row: EventRow) -> bool:
        """Tell whether an event is among it: a gap that names nobody may concern anybody."""
        return (row.kind == GAP and not row.student) or (
            self.course in {None, row.course}
            and self.section in {None, row.section}
            and self.student in {None, row.student}
        )


class Feed:
    """The one publisher. Used by the event loop's thread only."""

    def __init__(self, queue_events_max: int) -> None:
        self._fanout: Fanout[EventRow] = Fanout(queue_events_max)

    def publish(self, rows: Iterable[EventRow]) -> None:
        """Show events that were just stored; never waits."""
        if self.clients():
            self._fanout.publish(rows)

    def subscribe(self, watched: Watched) -> Subscription[EventRow]:
        """Add a viewer."""
        return self._fanout.subscribe(watched.wants)

    def unsubscribe(self, subscription: Subscription[EventRow]) -> None:
        """Remove a viewer."""
        self._fanout.unsubscribe(subscription)

    def clients(self) -> int:
        """Count the viewers."""
        return len(self._fanout)

    def missed(self) -> int:
        """Count the events that slow viewers did not get."""
        return self._fanout.missed_total

    def close(self) -> None:
        """Let every viewer end."""
        self._fanout.close()


def frame_of(item: EventRow | Missed) -> str:
    """Give what travels on the socket."""
    if isinstance(item, Missed):
        return msgspec.json.encode({"type": "missed", "count": item.count}).decode()
    return f'{{"type":"event","event":{item.envelope}}}'
