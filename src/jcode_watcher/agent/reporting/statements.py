"""What the agent says of its own life."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from jcode_watcher import __version__
from jcode_watcher.agent.intake.news import Statement
from jcode_watcher.agent.reporting.monitor_bodies import not_running_body
from jcode_watcher.agent.spool import Damage, Start
from jcode_watcher.events import moment
from jcode_watcher.events.monitor import MonitorGap, MonitorHeartbeat, MonitorStarted

COUNTER_MAX = 2**53
NS_A_MS = 1_000_000


def unwatched(before: Start | None, stage: str, now_ns: int) -> list[Statement]:
    """State the time since the start before this one; nobody ever looked before the first.

    `stage` is what did not look: the agent, or only a part where the other went on without it.
    """
    return [Statement(not_running_body(stage, before.alive_ns, now_ns), now_ns)] if before else []


def damaged(damage: Damage, now_ns: int) -> Statement:
    """State that what the spool held is lost, and that nothing is known of the time since it was well."""
    body = MonitorGap(
        stage="spool",
        reason="spool_damaged",
        since=moment(min(damage.since_ns, now_ns)),
        until=moment(now_ns),
    )
    return Statement(body, now_ns)


class Looking(NamedTuple):
    """How a start looks."""

    modes: Mapping[str, str]
    passed_over: Mapping[str, tuple[str, ...]]


def started(before: Start | None, looking: Looking, found_changed: int, now_ns: int) -> Statement:
    """State that this start looks, and how."""
    body = MonitorStarted(
        version=__version__,
        kernel=os.uname().release,
        modes=dict(looking.modes),
        passed_over=dict(looking.passed_over),
        previous_agent=before.agent if before else None,
        previous_seq=before.last_seq if before else None,
        found_changed=found_changed,
    )
    return Statement(body, now_ns)


def heartbeat(counters: Mapping[str, int], oldest_ns: int | None, now_ns: int) -> Statement:
    """State that the agent lives, what it counted, and how old the oldest undelivered event is."""
    lag_ms = 0 if oldest_ns is None else max(0, now_ns - oldest_ns) // NS_A_MS
    said = {name: min(count, COUNTER_MAX) for name, count in counters.items()}
    return Statement(MonitorHeartbeat(counters=said, lag_ms=lag_ms), now_ns)
