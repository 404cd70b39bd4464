"""What the agent says of itself and of what it missed. Pure."""

from jcode_watcher.events import moment, to_text
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.filemon.facts import Missed
from jcode_watcher.procmon.facts import Lost


def lost_body(fact: Lost) -> MonitorGap:
    """State that records about processes were lost."""
    return MonitorGap(
        stage=fact.stage,
        reason=fact.reason,
        count=fact.count,
        hostname=to_text(fact.hostname) if fact.hostname else None,
        since=moment(fact.since_ns),
        until=moment(fact.until_ns),
    )


def missed_body(fact: Missed) -> MonitorGap:
    """State that something that happened to files was missed."""
    return MonitorGap(
        stage="filemon",
        reason=fact.reason,
        count=fact.count,
        since=moment(fact.since_ns),
        until=moment(fact.until_ns),
    )


def not_running_body(stage: str, since_ns: int, until_ns: int) -> MonitorGap:
    """State that nobody was looking."""
    return MonitorGap(
        stage=stage,
        reason="not_running",
        since=moment(min(since_ns, until_ns)),
        until=moment(until_ns),
    )
