"""Timelines, files and versions hold everything, in order, whatever the paths look like."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcode_watcher.analytics.store.timeline import PAGE_EVENTS, SECTION_PAGE_EVENTS
from jcode_watcher.events import to_bytes, to_text


def test_a_timeline_holds_everything_in_order_over_many_pages(service: Any, event: Any, student: str) -> None:
    events = [event() for _ in range(PAGE_EVENTS * 2 + 7)]
    late_first = events[::-1]
    for start in range(0, len(events), 2_000):
        service.post(late_first[start : start + 2_000])
    assert [e["id"] for e in service.timeline(student)] == [e["id"] for e in events]


def test_equal_times_are_ordered_by_seq(service: Any, event: Any, student: str) -> None:
    at = "2026-03-02T01:02:03.000000Z"
    kinds = [f"file.{number}" for number in "abcdefghi"]
    events = [event(kind, {}, time=at, id=f"{student}-{9 - n}") for n, kind in enumerate(kinds)]
    service.post(events[::-1])
    assert service.timeline(student) == events
    students = service.get("/v1/sections/os-1/students")["students"]
    assert [row["last_kind"] for row in students if row["student"] == student] == [events[-1]["kind"]]


def test_a_section_is_read_in_one_question_over_many_pages(service: Any, event: Any, student: str) -> None:
    course = {"course": f"whole{student}", "section": "1"}

    def made(who: str | None, section: str = "1") -> Any:
        return event(subject=course | {"student": who, "section": section})

    events = [made(f"{number % 7}") for number in range(SECTION_PAGE_EVENTS + 7)]
    for start in range(0, len(events), 2_000):
        service.post(events[start : start + 2_000])
    service.post([made(None), made("1", section="2")])
    assert service.get("/v1/timeline", **course) == {"events": events, "next": None}
    page = service.get("/v1/timeline", limit=3, **{"from": events[9]["time"]}, **course)
    assert page["events"] == events[9:12]
    rest = service.get("/v1/timeline", after=page["next"], limit=2, **course)
    assert rest["events"] == events[12:14]


def test_last_activity_speaks_of_what_the_student_did(service: Any, event: Any, student: str) -> None:
    def last() -> tuple[str | None, str | None]:
        students = service.get("/v1/sections/os-1/students")["students"]
        row = next(row for row in students if row["student"] == student)
        return row["last_activity"], row["last_kind"]

    service.post([event(), event("identity.mismatched", {"pinned": "a", "claimed": "b", "pid": 1})])
    assert last() == (None, None)
    run = {"pid": 1, "started": "2026-03-02T01:02:03.000000Z", "activity": {"type": "run", "target": "a"}}
    deeds = [
        event(body=run),
        event("file.deleted", {"path": "a.c"}),
        event("process.exited", run | {"exit_code": 0}),
        event("cell.executed", {"path": "a.ipynb", "succeeded": True}),
        event("process.oom_killed", {"pid": 1, "comm": "a"}),
    ]
    for deed in deeds:
        service.post([deed, event("process.exited", run | {"activity": None}), event()])
        assert last() == (deed["time"], deed["kind"])


@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_a_cursor_leads_through_everything_once(service: Any, event: Any, student: str, limit: int) -> None:
    at = "2026-03-02T01:02:03.000000Z"
    events = [event(time=at, agent=f"{student}-{number % 3}") for number in range(14)]
    service.post(events)
    found: list[Any] = []
    query: dict[str, Any] = {"course": "os", "section": "1", "student": student, "limit": limit}
    while True:
        page = service.get("/v1/timeline", **query)
        assert len(page["events"]) <= limit
        found += page["events"]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert found == sorted(events, key=lambda e: (e["time"], e["agent"], e["seq"]))
    assert service.get("/v1/timeline", course="os", section="1", student=student)["next"] is None


def test_a_cursor_is_null_when_the_limit_takes_the_last(service: Any, event: Any, student: str) -> None:
    service.post([event() for _ in range(5)])
    page = service.get("/v1/timeline", course="os", section="1", student=student, limit=5)
    assert (len(page["events"]), page["next"]) == (5, None)


def test_a_timeline_can_be_cut_by_time_assignment_and_kind(service: Any, event: Any, student: str) -> None:
    times = [f"2026-03-02T01:02:0{second}.000000Z" for second in range(4)]
    events = [event(time=time) for time in times]
    other = event("process.oom_killed", {"pid": 1, "comm": "hog"}, time=times[3])
    other["subject"] = other["subject"] | {"assignment": "hw2"}
    service.post([*events, other])

    def ids(**query: Any) -> list[str]:
        return [e["id"] for e in service.timeline(student, **query)]

    assert ids(**{"from": times[1], "to": times[3]}) == [events[1]["id"], events[2]["id"]]
    assert ids(**{"from": "2026-03-02T10:02:03+09:00", "assignment": "hw1"}) == [events[3]["id"]]
    assert ids(assignment="hw2") == ids(kinds="process.oom_killed,no.such") == [other["id"]]
    assert ids(**{"from": "9999-01-01T00:00:00Z"}) == []


def test_what_agents_say_of_themselves_is_listed_apart(service: Any, event: Any, student: str) -> None:
    at = "2026-03-02T01:02:03.000000Z"
    gap = {"stage": "agent", "reason": "not_running", "since": at, "until": at}
    stated = [
        event("monitor.gap", gap | {"count": None}, subject=None),
        event("monitor.stopped", {"reason": student}, subject=None),
    ]
    service.post([*stated, event()])
    assert [e for e in service.get("/v1/monitor")["events"] if e["agent"] == f"agent-{student}"] == stated
    gaps = service.get("/v1/monitor", kinds="monitor.gap")["events"]
    assert [e for e in gaps if e["agent"] == f"agent-{student}"] == stated[:1]
    assert service.get("/v1/monitor", node="node-2") == {"events": [], "next": None}
    every = service.get("/v1/monitor")
    for nodes in ("node-1", "node-2,node-1", ["node-2", "node-1"]):
        assert service.get("/v1/monitor", node=nodes) == every


def test_what_is_unknown_is_an_empty_list(service: Any) -> None:
    who = {"course": "no", "section": "9", "student": "0"}
    assert service.get("/v1/timeline", **who) == {"events": [], "next": None}
    assert service.get("/v1/files", assignment="hw1", **who) == {"files": []}
    assert service.get("/v1/versions", assignment="hw1", path="a.c", **who) == {"versions": []}
    assert service.get("/v1/sections/no-9/students") == {"students": []}
    assert service.get("/v1/sections/no-9/assignments") == {"assignments": []}


WHO = "course=os&section=1&student=1"


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/timeline?course=os", 400, "section"),
        ("/v1/files?course=os&section=1&assignment=hw1", 400, "student"),
        (f"/v1/timeline?{WHO}&from=yesterday", 400, "yesterday"),
        (f"/v1/timeline?{WHO}&to=2026-03-02", 400, "time zone"),
        (f"/v1/timeline?{WHO}&limit=0", 400, "limit"),
        (f"/v1/timeline?{WHO}&limit=many", 400, "many"),
        (f"/v1/timeline?{WHO}&limit={'9' * 5000}", 400, "limit"),
        (f"/v1/timeline?{WHO}&after=nonsense", 400, "nonsense"),
        (f"/v1/timeline?{WHO}&after=WzEsImEiLC0xLCJiIl0", 400, "cursor"),
        (f"/v1/files?{WHO}", 400, "assignment"),
        (f"/v1/versions?{WHO}&assignment=hw1", 400, "path"),
        ("/v1/sections/os/students", 400, "os"),
        ("/v1/contents/nothing", 404, "SHA-256"),
        (f"/v1/contents/{'0' * 64}", 404, "0000"),
        ("/v1/nothing", 404, "/v1/nothing"),
    ],
)
def test_a_bad_question_is_answered_in_one_line(service: Any, path: str, status: int, says: str) -> None:
    answer = httpx.get(service.url + path, headers=service.token("reader"))
    assert answer.status_code == status
    assert says in answer.json()["error"]
    assert answer.headers["cache-control"] == "no-store"


def test_files_follow_saves_moves_and_deletions(service: Any, event: Any, saved: Any, student: str) -> None:
    first, second, moved, again = (
        saved("a.c", "one"),
        saved("a.c", "three"),
        event("file.moved", {"path": "a.c", "destination": "b.c"}),
        saved("gone.c", "x"),
    )
    gone = event("file.deleted", {"path": "gone.c"})
    back = saved("a.c", "new")
    large = event(
        "file.saved", {"path": "large.c", "size": 9_999_999, "how": "closed", "omitted": "too_large"}
    )
    service.post([first, second, moved, again, gone, back, large])
    who = {"course": "os", "section": "1", "student": student, "assignment": "hw1"}
    three, one_x, new = (e["body"]["sha256"] for e in (second, again, back))
    assert service.get("/v1/files", **who)["files"] == [
        {"path": "a.c", "size": 3, "sha256": new, "versions": 3, "deleted": False},
        {"path": "b.c", "size": 5, "sha256": three, "versions": 0, "deleted": False},
        {"path": "gone.c", "size": 1, "sha256": one_x, "versions": 1, "deleted": True},
        {"path": "large.c", "size": 9_999_999, "sha256": None, "versions": 1, "deleted": False},
    ]
    versions = service.get("/v1/versions", path="a.c", **who)["versions"]
    assert [v["id"] for v in versions] == [first["id"], second["id"], back["id"]]
    assert versions[0] == {
        "id": first["id"],
        "time": first["time"],
        "sha256": first["body"]["sha256"],
        "size": 3,
        "how": "closed",
        "writer": {
            "pid": 0,
            "comm": "",
            "exe": "",
            "argv": [],
            "container_id": None,
            "student": None,
            "role": "unknown",
            "whose": "unknown",
            "identity": "unknown",
        },
    }


NAMES = st.one_of(
    st.binary(min_size=1, max_size=40),
    st.text(alphabet="\t\n\r\0'\"\\/%+&=#? \u00e9\ud55c\U0001f600\u2028abx41N", min_size=1, max_size=20).map(
        str.encode
    ),
    st.sampled_from([rb"\x41", rb"\N", b"\\", b"\\\\t", b"a\tb\n", b"\xff'\"", b"{path:String}", b"%2e"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES)
def test_any_path_is_found_again(service: Any, saved: Any, student: str, name: bytes) -> None:
    path = to_text(name)
    version = saved(path, "x")
    service.post([version])
    who = {"course": "os", "section": "1", "student": student, "assignment": "hw1"}
    found = service.get("/v1/versions", path=path, **who)["versions"]
    assert version["id"] in {v["id"] for v in found}
    paths = [file["path"] for file in service.get("/v1/files", **who)["files"]]
    assert path in paths
    assert to_bytes(paths[paths.index(path)]) == name
