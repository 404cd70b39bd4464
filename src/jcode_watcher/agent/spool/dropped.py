"""What found no room in the spool and is not stated yet. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.events import moment, nanoseconds
from jcode_watcher.events.monitor import MonitorGap


class Dropped(NamedTuple):
    """What found no room since the last gap was stated."""

    events: int | None
    """None where an earlier start may have dropped some that it left no count of."""
    since_ns: int
    until_ns: int


def dropped_with(before: Dropped | None, drafts: Sequence[Draft]) -> Dropped:
    """Give what found no room, with these drafts; a gap among them lies within its times."""
    spans = [span_of(draft) for draft in drafts]
    events: int | None = len(drafts)
    if before:
        spans.append((before.since_ns, before.until_ns))
        events = None if before.events is None else before.events + len(drafts)
    return Dropped(events, min(since for since, _ in spans), max(until for _, until in spans))


def span_of(draft: Draft) -> tuple[int, int]:
    """Give the first and the last moment that a draft speaks of."""
    if isinstance(draft.body, MonitorGap):
        since_ns, until_ns = nanoseconds(draft.body.since), nanoseconds(draft.body.until)
        return min(since_ns, draft.time_ns), max(until_ns, draft.time_ns)
    return draft.time_ns, draft.time_ns


def full_gap(dropped: Dropped) -> Draft:
    """State what found no room."""
    body = MonitorGap(
        stage="spool",
        reason="spool_full",
        count=dropped.events,
        since=moment(dropped.since_ns),
        until=moment(dropped.until_ns),
    )
    return Draft(dropped.until_ns, None, body)
