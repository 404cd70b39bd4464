"""From bytes to events."""

import json
from typing import Any

import pytest

from jcode_watcher.events import BadEvent, decode_batch, decode_event, decode_events
from jcode_watcher.events.process import ProcessExited

EXITED: dict[str, Any] = {
    "id": "a.1",
    "kind": "process.exited",
    "time": "2026-03-02T01:02:03.456789Z",
    "node": "node-1",
    "agent": "a",
    "seq": 1,
    "subject": {"course": "os", "section": "1", "student": "202012180"},
    "body": {"pid": 7, "started": "2026-03-02T01:02:03.000000Z", "exit_code": 3},
}


def as_json(**changes: Any) -> bytes:
    return json.dumps(EXITED | changes).encode()


def test_a_body_is_typed_by_its_kind() -> None:
    event = decode_event(as_json())
    assert isinstance(event.body, ProcessExited)
    assert event.body.exit_code == 3
    assert event.subject is not None
    assert event.subject.identity == "unknown"


def test_a_kind_of_the_future_is_kept_as_it_is() -> None:
    event = decode_event(as_json(kind="screen.shared", body={"new": [1, None]}))
    assert event.body == {"new": [1, None]}


def test_a_field_of_the_future_is_no_error() -> None:
    assert decode_event(as_json(later="x", body=EXITED["body"] | {"later": 1})).id == "a.1"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"kind": "Process"}, "kind"),
        ({"kind": "process.exited", "body": {"pid": "x"}}, "pid"),
        ({"body": [1]}, "process.exited"),
        ({"time": "2026-03-02 01:02:03"}, "time"),
        ({"time": "2026-13-02T01:02:03.456789Z"}, "time"),
        ({"time": "1999-03-02T01:02:03.456789Z"}, "1999"),
        ({"seq": -1}, "seq"),
        ({"node": ""}, "node"),
        ({"id": 5}, "id"),
        ({"body": EXITED["body"] | {"exit_code": 256}}, "exit_code"),
        ({"subject": {"identity": "sure"}}, "identity"),
    ],
)
def test_a_bad_event_is_refused_in_one_line_that_names_the_field(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(BadEvent, match=named) as refused:
        decode_event(as_json(**changes))
    assert "\n" not in str(refused.value)
    assert refused.value.event_id == (None if "id" in changes else "a.1")


def test_one_bad_event_does_not_spoil_the_others() -> None:
    batch = decode_batch(
        b'{"batch_id":"b","events":[' + as_json() + b',{"id":"x"},' + as_json(id="a.2") + b"]}"
    )
    first, bad, last = decode_events(batch.events)
    assert isinstance(bad, BadEvent)
    assert [getattr(e, "id", None) for e in (first, last)] == ["a.1", "a.2"]


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[1]", b'{"batch_id":"","events":[]}', b'{"batch_id":"b"}', b"\xff"]
)
def test_what_is_no_batch_is_refused(text: bytes) -> None:
    with pytest.raises(BadEvent, match="not a batch"):
        decode_batch(text)


DEEP = b"[" * 100_000 + b"]" * 100_000


def test_what_is_nested_too_deeply_is_refused_in_one_line_like_anything_else() -> None:
    with pytest.raises(BadEvent, match="not a batch: nested too deeply"):
        decode_batch(b'{"batch_id":"b","events":[' + DEEP + b"]}")
    for kind in ("thing.happened", "process.exited"):
        deep = as_json(kind=kind, body={"later": "DEEP"}).replace(b'"DEEP"', DEEP)
        with pytest.raises(BadEvent, match="nested too deeply"):
            decode_event(deep)
    with pytest.raises(BadEvent, match="nested too deeply"):
        decode_event(as_json(later="DEEP").replace(b'"DEEP"', DEEP))


def test_too_many_events_are_refused() -> None:
    with pytest.raises(BadEvent, match="2000"):
        decode_batch(b'{"batch_id":"b","events":[' + b",".join([b"1"] * 2001) + b"]}")
