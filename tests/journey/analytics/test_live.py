"""Who watches sees what is stored, at once; who is too slow is told how much was missed."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

SLOW_QUEUE_EVENTS = 10


@contextmanager
def watch(service: Any, **query: str) -> Iterator[ClientConnection]:
    url = f"{service.live_url}?{urlencode(query)}"
    with connect(url, additional_headers=service.token("reader")) as viewer:
        assert json.loads(viewer.recv(timeout=10)) == {"type": "ready"}
        yield viewer


def refusal(url: str, headers: dict[str, str], sock: socket.socket | None = None) -> tuple[int, str]:
    """Give the status and the error of a connection that is refused before the upgrade."""
    with pytest.raises(InvalidStatus) as refused, connect(url, additional_headers=headers, sock=sock):
        pass
    response = refused.value.response
    return response.status_code, json.loads(response.body or b"")["error"]


def test_a_stored_event_is_seen_at_once_without_content(service: Any, saved: Any, student: str) -> None:
    with watch(service, course="os", section="1", student=student) as viewer:
        version = saved("a.c", "text")
        service.post([version])
        frame = json.loads(viewer.recv(timeout=10))
        version["body"]["content"] = None
        assert frame == {"type": "event", "event": version}


def test_only_what_is_watched_is_seen_and_a_repeat_never(service: Any, event: Any) -> None:
    elsewhere = event()
    elsewhere["subject"] = elsewhere["subject"] | {"section": "2"}
    nobody, mine = event(subject=None), event()
    at = mine["time"]
    gap = event("monitor.gap", {"stage": "agent", "reason": "lost", "since": at, "until": at}, subject=None)
    with (
        watch(service, course="os", section="1") as section,
        watch(service) as everything,
    ):
        service.post([elsewhere, nobody, mine, gap])
        service.post([mine, elsewhere])
        last = event()
        service.post([last])
        assert [json.loads(section.recv(timeout=10))["event"]["id"] for _ in range(3)] == [
            mine["id"],
            gap["id"],
            last["id"],
        ]
        seen = [json.loads(everything.recv(timeout=10))["event"]["id"] for _ in range(5)]
        assert seen == [e["id"] for e in (elsewhere, nobody, mine, gap, last)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer nonsense"}, 401),
        ({"Cookie": "jcode_watcher_session=nonsense"}, 401),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_who_may_not_watch_is_refused_before_the_upgrade(
    service: Any, headers: dict[str, str], status: int
) -> None:
    """A right token does not help a foreign page."""
    token = {} if status == 401 else service.token("reader")
    found, error = refusal(service.live_url, token | headers)
    assert (found, "\n" in error) == (status, False)


def test_a_foreign_name_is_refused(service: Any) -> None:
    """What a page gets that had its name rebound to a loopback address."""
    parts = urlsplit(service.live_url)
    plain = socket.create_connection((parts.hostname, parts.port))
    url = f"ws://evil.example:{parts.port}/v1/live"
    assert refusal(url, service.token("reader"), plain)[0] == 403


def test_an_agent_may_not_watch(service: Any) -> None:
    assert refusal(service.live_url, service.token("agent"))[0] == 403


def test_the_services_own_page_may_watch(service: Any) -> None:
    headers = service.token("reader") | {"Origin": service.url}
    with connect(service.live_url, additional_headers=headers) as found:
        assert json.loads(found.recv(timeout=10)) == {"type": "ready"}


def test_a_viewer_beyond_the_limit_is_told_to_come_later(services: Any) -> None:
    service = services("few")
    service.flags = ["--live-clients-max", "1"]
    service.start()
    with watch(service):
        assert refusal(service.live_url, service.token("reader"))[0] == 503
    assert service.stop() == 0


def test_a_slow_viewer_is_told_what_it_missed_and_delays_nobody(
    services: Any, event: Any, student: str
) -> None:
    service = services("slow")
    service.flags = ["--live-queue-events", str(SLOW_QUEUE_EVENTS)]
    service.start()
    with stalled(service) as slow:
        sent = 0
        body = {"pid": 1, "started": "2026-03-02T01:02:00.000000Z", "cwd": "x" * 50_000}
        while service.metric("live_missed_events") == 0:
            service.post([event(body=body) for _ in range(SLOW_QUEUE_EVENTS)])
            sent += SLOW_QUEUE_EVENTS
            assert sent < 3_000
        last = event()
        service.post([last])
        frames = frames_until(slow, last["id"])
    missed = sum(frame["count"] for frame in frames if frame["type"] == "missed")
    seen = sum(frame["type"] == "event" for frame in frames)
    assert missed > 0
    assert missed + seen == sent + 1
    assert service.metric("live_missed_events") == missed
    assert len(service.timeline(student)) == sent + 1


def test_the_service_ends_although_a_viewer_hears_nothing(services: Any, event: Any) -> None:
    service = services("deaf")
    service.start()
    body = {"pid": 1, "started": "2026-03-02T01:02:00.000000Z", "cwd": "x" * 500_000}
    with stalled(service) as slow:
        for _ in range(10):
            service.post([event(body=body) for _ in range(10)])
        assert service.stop() == 0
        with pytest.raises(ConnectionClosed):
            frames_until(slow, "never")


@contextmanager
def stalled(service: Any) -> Iterator[ClientConnection]:
    """A viewer that reads nothing until it is asked for frames, and has little room to buffer."""
    parts = urlsplit(service.live_url)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    plain.connect((parts.hostname, parts.port))
    headers = service.token("reader")
    with connect(service.live_url, sock=plain, additional_headers=headers, max_queue=1) as viewer:
        yield viewer


def frames_until(viewer: ClientConnection, event_id: str) -> list[dict[str, Any]]:
    """Read up to the event with this id."""
    frames: list[dict[str, Any]] = []
    assert json.loads(viewer.recv(timeout=20)) == {"type": "ready"}
    while not (frames and frames[-1].get("event", {}).get("id") == event_id):
        frames.append(json.loads(viewer.recv(timeout=20)))
    return frames
