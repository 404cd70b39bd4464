"""What is acknowledged can be read back, whole and once; what is wrong is refused in one clear line."""

import base64
import gzip
import hashlib
import json
from typing import Any

import httpx
import pytest
import zstandard

MEBIBYTE = 1024 * 1024


def test_everything_that_was_posted_is_read_back(service: Any, event: Any, saved: Any, student: str) -> None:
    started = {"started": "2026-03-02T01:02:00.000000Z"}
    build = {"type": "build", "family": "gcc", "language": "c", "sources": ["a.c"]}
    run = {"type": "run", "target": "a.out"}
    events = [
        saved("a.c", "int main;\n"),
        event("process.exited", {"pid": 1, "exit_code": 1, "activity": build, **started}),
        event("process.exited", {"pid": 2, "exit_code": 0, "activity": build, **started}),
        event("process.exited", {"pid": 3, "exit_code": 3, "activity": run, **started}),
        event("process.exited", {"pid": 4, "signal": "SIGSEGV", "activity": run, **started}),
        event("process.exited", {"pid": 5, "exit_code": 0, "activity": run, **started}),
        event("process.exited", {"pid": 6, "exit_code": 1, **started}),
        event("process.oom_killed", {"pid": 7, "comm": "hog"}),
    ]
    receipt = service.post(events, "first")
    assert receipt == {"batch_id": "first", "stored": 8, "repeated": 0, "rejected": []}

    without_content = json.loads(json.dumps(events))
    without_content[0]["body"]["content"] = None
    assert service.timeline(student) == without_content

    sha256 = events[0]["body"]["sha256"]
    answer = httpx.get(f"{service.url}/v1/contents/{sha256}", headers=service.token("reader"))
    assert (answer.content, answer.headers["content-type"]) == (b"int main;\n", "application/octet-stream")

    students = service.get("/v1/sections/os-1/students")["students"]
    assert [row for row in students if row["student"] == student] == [
        {
            "student": student,
            "last_activity": events[-1]["time"],
            "last_kind": "process.oom_killed",
            "assignment": "hw1",
            "saves": 1,
            "builds": 2,
            "failed_builds": 1,
            "runs": 3,
            "failed_runs": 2,
            "crashes": 1,
            "oom_kills": 1,
        }
    ]


def test_what_was_stopped_is_no_failure_and_want_of_memory_no_crash(
    service: Any, event: Any, student: str
) -> None:
    build = {"type": "build", "family": "gcc", "language": "c"}
    ends: list[dict[str, Any]] = [
        {"signal": "SIGINT"},
        {"signal": "SIGKILL", "oom_killed": True},
        {"signal": "SIGFPE"},
    ]
    for activity in (build, {"type": "run", "target": "a.out"}):
        about: dict[str, Any] = {"started": "2026-03-02T01:02:00.000000Z", "activity": activity}
        service.post([event("process.exited", about | {"pid": 1} | end) for end in ends])
    service.post([event("process.oom_killed", {"pid": 1, "comm": "a.out"})])
    students = service.get("/v1/sections/os-1/students")["students"]
    row = next(row for row in students if row["student"] == student)
    counted = ("builds", "failed_builds", "runs", "failed_runs", "crashes", "oom_kills")
    assert [row[name] for name in counted] == [3, 2, 3, 2, 1, 1]


def test_sections_and_assignments_are_listed(service: Any, event: Any) -> None:
    subject = {"course": "algo-2", "section": "7", "student": "1"}
    first, last = (
        event(subject=subject | {"assignment": "hw1"}),
        event(subject=subject | {"assignment": "hw2"}),
    )
    alone = event(subject=subject | {"student": "2"})
    service.post([first, last, alone])
    sections = service.get("/v1/sections")["sections"]
    assert {
        "course": "algo-2",
        "section": "7",
        "students": 2,
        "events": 3,
        "last_activity": alone["time"],
    } in sections
    assignments = service.get("/v1/sections/algo-2-7/assignments")["assignments"]
    nothing = {"students": 1, "saves": 0, "builds": 0, "runs": 0}
    assert assignments == [
        {
            "assignment": "hw1",
            "first_activity": first["time"],
            "last_activity": first["time"],
            **nothing,
        },
        {
            "assignment": "hw2",
            "first_activity": last["time"],
            "last_activity": last["time"],
            **nothing,
        },
    ]
    of_one = service.get("/v1/sections/algo-2-7/students", assignment="hw2")["students"]
    assert [row["student"] for row in of_one] == ["1"]


@pytest.mark.parametrize("encoding", ["zstd", "gzip", "identity"])
def test_each_encoding_is_taken(service: Any, event: Any, encoding: str) -> None:
    text = json.dumps({"batch_id": "b", "events": [event()]}).encode()
    encode: dict[str, Any] = {"zstd": zstandard.compress, "gzip": gzip.compress, "identity": bytes}
    body = encode[encoding](text)
    answer = service.send(body, **{"Content-Encoding": encoding})
    assert (answer.status_code, answer.json()["stored"]) == (200, 1)


def test_an_event_of_an_unknown_kind_is_kept_and_shown(service: Any, event: Any, student: str) -> None:
    strange = event("thing.happened", {"x": [1, "é", None], "content": "kept"}, added_later={"y": 1})
    service.post([strange])
    assert service.timeline(student) == [strange]


def test_a_batch_sent_again_and_regrouped_is_stored_once(service: Any, event: Any, student: str) -> None:
    events = [event() for _ in range(10)]
    assert service.post(events[:6])["stored"] == 6
    assert service.post(events[:6])["repeated"] == 6
    assert service.post(events[3:])["stored"] == 4
    assert service.post([*events[::-1], events[0]])["repeated"] == 11
    assert service.timeline(student) == events


def test_an_id_repeated_within_a_batch_is_stored_once(service: Any, event: Any, student: str) -> None:
    once = event()
    receipt = service.post([once, once, event(), once])
    assert (receipt["stored"], receipt["repeated"]) == (2, 2)
    assert len(service.timeline(student)) == 2


def test_an_id_used_again_at_another_time_is_not_stored_twice(service: Any, event: Any, student: str) -> None:
    first = event()
    service.post([first])
    assert service.post([event(id=first["id"])])["repeated"] == 1
    assert service.timeline(student) == [first]


def test_a_bad_event_does_not_spoil_the_others(service: Any, event: Any, saved: Any, student: str) -> None:
    good = event()
    false = saved("a.c", "one") | {"id": "false-content"}
    false["body"]["content"] = "two"
    bad_time = event(time="yesterday")
    receipt = service.post([{"id": "half"}, good, 7, false, bad_time])
    assert receipt["stored"] == 1
    assert [(r["index"], r["id"]) for r in receipt["rejected"]] == [
        (0, "half"),
        (2, None),
        (3, "false-content"),
        (4, bad_time["id"]),
    ]
    assert "hashes to" in receipt["rejected"][2]["reason"]
    assert service.timeline(student) == [good]


def test_content_that_is_not_text_keeps_its_bytes(service: Any, saved: Any) -> None:
    raw = bytes(range(256)) * 9
    sha256 = hashlib.sha256(raw).hexdigest()
    content = base64.b64encode(raw).decode()
    service.post([saved("odd.c", "", content=content, encoding="base64", sha256=sha256, size=len(raw))])
    answer = httpx.get(f"{service.url}/v1/contents/{sha256}", headers=service.token("reader"))
    assert answer.content == raw


BOMB = zstandard.compress(b" " * (64 * MEBIBYTE))
BAD_BODIES: dict[str, tuple[bytes, str, int]] = {
    "not JSON": (b"{", "", 400),
    "not UTF-8": (b'{"batch_id":"\xff","events":[]}', "", 400),
    "no object": (b"[]", "", 400),
    "no id": (b'{"events":[]}', "", 400),
    "an empty id": (b'{"batch_id":"","events":[]}', "", 400),
    "events that are none": (b'{"batch_id":"b","events":{}}', "", 400),
    "an empty body": (b"", "", 400),
    "not zstd": (b"hello", "zstd", 400),
    "half of zstd": (zstandard.compress(b'{"batch_id":"b","events":[]}')[:-4], "zstd", 400),
    "not gzip": (b"hello", "gzip", 400),
    "half of gzip": (gzip.compress(b'{"batch_id":"b","events":[]}')[:-9], "gzip", 400),
    "an unknown encoding": (b"{}", "br", 400),
    "a zstd bomb": (BOMB, "zstd", 413),
    "a gzip bomb": (gzip.compress(b" " * (64 * MEBIBYTE)), "gzip", 413),
    "plain text over the limit": (b" " * (8 * MEBIBYTE + 1), "", 413),
    "too many events": (json.dumps({"batch_id": "b", "events": [{}] * 2_001}).encode(), "", 413),
}


@pytest.mark.parametrize(("body", "encoding", "status"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_batch_that_cannot_be_taken_is_refused_in_one_line(
    service: Any, body: bytes, encoding: str, status: int
) -> None:
    answer = service.send(body, **({"Content-Encoding": encoding} if encoding else {}))
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error
    assert "\n" not in error


def test_a_reader_may_not_post_and_an_agent_may_not_read(service: Any) -> None:
    body = b'{"batch_id":"b","events":[]}'
    assert service.send(body, **service.token("reader")).status_code == 403
    assert service.send(body, Authorization="Bearer nonsense").status_code == 401
    assert httpx.post(f"{service.url}/v1/batches", content=body).status_code == 401
    assert httpx.get(f"{service.url}/v1/sections", headers=service.token("agent")).status_code == 403


def test_an_agents_token_is_bound_to_its_node_for_ever(services: Any, event: Any, student: str) -> None:
    service = services("bound")
    service.start()
    mixed = json.dumps({"batch_id": "b", "events": [event(), event(node="node-2")]}).encode()
    assert service.send(mixed).status_code == 403
    mine = event()
    service.post([mine])
    service.stop()
    service.start()
    answer = service.send(mixed)
    assert answer.status_code == 403
    assert "node-2" in answer.json()["error"]
    assert service.timeline(student) == [mine]


def test_holes_in_an_agents_numbering_are_noticed_also_after_a_restart(services: Any, event: Any) -> None:
    service = services("holes")
    service.start()
    events = [event() for _ in range(10)]
    service.post(events[:3] + events[5:])
    assert service.metric("events_missing") == 2
    service.stop()
    service.start()
    assert service.metric("events_missing") == 2
    service.post([events[4]])
    assert service.metric("events_missing") == 1
    assert service.metric("store_rows") == 9


def test_two_agents_of_one_node_are_noticed_and_one_that_was_started_again_is_not(
    services: Any, event: Any
) -> None:
    service = services("rivals")
    service.start()
    for agent in ("first", "second", "second", "third"):
        service.post([event(agent=agent)])
    assert service.metric("rival_agent_turns_total", node="node-1") == 0
    for agent in ("second", "third"):
        service.post([event(agent=agent)])
    assert service.metric("rival_agent_turns_total", node="node-1") == 2
    (warning,) = [line for line in service.log().splitlines() if "two agents deliver for one node" in line]
    assert all(name in warning for name in ("node-1", "second", "third"))
