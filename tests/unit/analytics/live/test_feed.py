import json

import pytest

from jcode_watcher.analytics.live.feed import Feed, Watched, frame_of
from jcode_watcher.analytics.store import EventRow
from jcode_watcher.serving import Missed


def row(course: str, section: str, student: str, kind: str = "a.b") -> EventRow:
    return EventRow(
        course=course,
        section=section,
        student=student,
        time=0,
        agent="a",
        seq=1,
        id="1",
        node="n",
        kind=kind,
        envelope='{"id":"1"}',
    )


@pytest.mark.parametrize(
    ("watched", "wants"),
    [
        (Watched(), True),
        (Watched("os", "1"), True),
        (Watched("os", "1", "7"), True),
        (Watched("os", "1", "8"), False),
        (Watched("os", "2"), False),
        (Watched(student="7"), True),
    ],
)
def test_a_viewer_sees_what_it_watches(watched: Watched, *, wants: bool) -> None:
    assert watched.wants(row("os", "1", "7")) is wants


def test_a_gap_that_names_nobody_is_shown_to_everybody() -> None:
    for watched in (Watched(), Watched("os", "1"), Watched("os", "1", "7")):
        assert watched.wants(row("", "", "", "monitor.gap"))
        assert watched.wants(row("", "", "", "monitor.started")) is (watched == Watched())
    assert not Watched("os", "1", "7").wants(row("os", "1", "8", "monitor.gap"))


def test_frames_are_json() -> None:
    assert json.loads(frame_of(row("os", "1", "7"))) == {"type": "event", "event": {"id": "1"}}
    assert json.loads(frame_of(Missed(3))) == {"type": "missed", "count": 3}


def test_viewers_are_counted() -> None:
    feed = Feed(queue_events_max=1)
    feed.publish([row("os", "1", "7")])
    subscription = feed.subscribe(Watched())
    feed.publish([row("os", "1", "7")] * 3)
    assert (feed.clients(), feed.missed()) == (1, 2)
    feed.unsubscribe(subscription)
    assert feed.clients() == 0
