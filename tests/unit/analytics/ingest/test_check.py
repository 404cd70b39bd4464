import base64
import hashlib
import json
from typing import Any

import pytest

from jcode_watcher.analytics.errors import BadRequest, TooLarge
from jcode_watcher.analytics.ingest.check import check
from jcode_watcher.analytics.store import EventRow

AT = "2026-03-02T01:02:03.456789Z"
SUBJECT = {"course": "os", "section": "1", "student": "7", "assignment": "hw1"}
BUILD = {"type": "build", "family": "gcc", "language": "c"}
RUN = {"type": "run", "target": "a.out"}


def event(kind: str, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made = {"id": "e1", "kind": kind, "time": AT, "node": "n", "agent": "a", "seq": 7, "subject": SUBJECT}
    return made | {"body": body} | changes


def batch(*events: Any) -> bytes:
    return json.dumps({"batch_id": "b", "events": events}).encode()


def row_of(made: dict[str, Any]) -> EventRow:
    checked = check(batch(made))
    assert checked.rejected == []
    return checked.events[0].row


def reason(made: dict[str, Any]) -> str:
    checked = check(batch(made))
    assert checked.events == []
    return checked.rejected[0].reason


def saved(content: str | None, sha256: str | None, **more: Any) -> dict[str, Any]:
    body = {"path": "a.c", "size": 3, "how": "closed", "sha256": sha256, "content": content}
    return event("file.saved", body | more)


def test_what_is_asked_for_later_stands_in_columns() -> None:
    row = row_of(saved("abc", hashlib.sha256(b"abc").hexdigest()))
    assert (row.course, row.section, row.student, row.assignment) == ("os", "1", "7", "hw1")
    assert (row.time, row.agent, row.seq, row.node) == (1_772_413_323_456_789_000, "a", 7, "n")
    assert (row.kind, row.path, row.sha256) == ("file.saved", "a.c", hashlib.sha256(b"abc").hexdigest())


def test_the_envelope_is_kept_whole_but_for_content() -> None:
    made = saved("abc", hashlib.sha256(b"abc").hexdigest(), added_later=[1, {"x": "é"}]) | {"also": None}
    kept = json.loads(row_of(made).envelope)
    made["body"]["content"] = None
    assert kept == made


@pytest.mark.parametrize("encoding", ["utf-8", "base64"])
def test_content_is_given_as_bytes(encoding: str) -> None:
    raw = "é\n".encode()
    content = base64.b64encode(raw).decode() if encoding == "base64" else raw.decode()
    checked = check(batch(saved(content, hashlib.sha256(raw).hexdigest(), encoding=encoding)))
    assert checked.events[0].content == raw


def test_an_empty_file_has_content() -> None:
    assert check(batch(saved("", hashlib.sha256(b"").hexdigest()))).events[0].content == b""


def test_a_save_without_content_has_none() -> None:
    assert check(batch(saved(None, None, omitted="too_large"))).events[0].content is None


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (saved("abc", "0" * 64), "hashes to ba7816bf"),
        (saved("abc", None), "not to sha256 None"),
        (saved("%%%", "0" * 64, encoding="base64"), "not base64"),
        (event("file.saved", {"path": "a.c"}), "file.saved"),
        (event("thing.happened", {}, time="2026-03-02T01:02:03Z"), "time"),
        (event("thing.happened", {}, time="1999-03-02T01:02:03.000000Z"), "between the years"),
        (event("Thing", {}), "kind"),
        (event("thing.happened", {}, seq=-1), "seq"),
        (event("thing.happened", {}, id=""), "id"),
        ({"id": "e1"}, "kind"),
    ],
)
def test_a_bad_event_is_refused_with_its_reason(made: dict[str, Any], says: str) -> None:
    assert says in reason(made)


def test_text_that_is_not_utf_8_is_refused_where_no_field_is_known() -> None:
    text = batch(event("monitor.stopped", {"added": "MARK"})).replace(b"MARK", b"\xff")
    checked = check(text)
    assert (checked.events, len(checked.rejected)) == ([], 1)


@pytest.mark.parametrize(
    ("body", "activity", "outcome"),
    [
        ({"exit_code": 0, "activity": BUILD}, "build", "succeeded"),
        ({"exit_code": 1, "activity": RUN}, "run", "failed"),
        ({"signal": "SIGSEGV", "activity": RUN}, "run", "crashed"),
        ({"signal": "SIGINT", "activity": RUN}, "run", "stopped"),
        ({"exit_code": 0}, "", "succeeded"),
        ({}, "", ""),
    ],
)
def test_how_a_process_ended_is_told(body: dict[str, Any], activity: str, outcome: str) -> None:
    row = row_of(event("process.exited", {"pid": 1, "started": AT} | body))
    assert (row.activity, row.outcome) == (activity, outcome)


def test_an_event_of_nobody_is_kept() -> None:
    row = row_of(event("monitor.stopped", {}, subject=None))
    assert (row.course, row.student) == ("", "")


@pytest.mark.parametrize("depth", [100, 990, 100_000])
def test_an_event_nested_too_deeply_is_refused_and_breaks_nothing(depth: int) -> None:
    text = batch(event("thing.happened", {"x": "MARK"})).replace(b'"MARK"', b"[" * depth + b"]" * depth)
    try:
        checked = check(text)
    except BadRequest as refused:
        assert "nested too deeply" in str(refused)  # noqa: PT017 - or it is taken: the depth depends on the caller's
    else:
        assert len(checked.events) + len(checked.rejected) == 1


def test_positions_of_refused_events_are_those_in_the_batch() -> None:
    good = event("monitor.stopped", {})
    checked = check(batch(good, {"id": "bad"}, good, 7))
    assert [(r.index, r.id) for r in checked.rejected] == [(1, "bad"), (3, None)]
    assert len(checked.events) == 2


def test_too_many_events_are_told_from_a_batch_nobody_can_read() -> None:
    with pytest.raises(TooLarge, match="2001 events; at most 2000"):
        check(batch(*[{}] * 2_001))
    with pytest.raises(BadRequest, match="not a batch"):
        check(b'{"batch_id":"b","events":7}')
