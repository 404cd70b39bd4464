import pytest
from starlette.requests import Request

from jcode_watcher.analytics.api.query import EVENTS_MAX, limit_of, names_of, section_of, selection_of
from jcode_watcher.analytics.errors import BadRequest
from jcode_watcher.analytics.store.timeline import TIME_MAX_NS, TIME_MIN_NS


def request(query: str = "", section: str = "") -> Request:
    return Request(
        {"type": "http", "query_string": query.encode(), "headers": [], "path_params": {"section": section}}
    )


def test_a_selection_is_everything_unless_it_is_cut() -> None:
    selection = selection_of(request("course=os&section=1&student=7"))
    assert (selection.assignment, selection.kinds) == (None, ())
    assert (selection.since_ns, selection.until_ns) == (TIME_MIN_NS, TIME_MAX_NS)


def test_without_a_student_every_student_is_selected() -> None:
    assert selection_of(request("course=os&section=1")).student is None
    assert selection_of(request("course=os&section=1&student=")).student == ""


def test_times_beyond_what_the_store_holds_are_cut() -> None:
    text = "course=os&section=1&student=7&from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z&kinds=a.b,,c.d"
    selection = selection_of(request(text))
    assert (selection.since_ns, selection.until_ns) == (TIME_MIN_NS, TIME_MAX_NS)
    assert selection.kinds == ("a.b", "c.d")


@pytest.mark.parametrize(
    ("query", "names"),
    [("", ()), ("node=", ()), ("node=a", ("a",)), ("node=a,b&node=c", ("a", "b", "c")), ("kinds=a", ())],
)
def test_names_are_listed_by_commas_or_by_repeating(query: str, names: tuple[str, ...]) -> None:
    assert names_of(request(query), "node") == names


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", str(EVENTS_MAX + 1), "9" * 5000, "\uff11"])
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    with pytest.raises(BadRequest, match="limit="):
        limit_of(request(f"limit={limit}"))


@pytest.mark.parametrize(
    ("text", "expected"), [("os-1", ("os", "1")), ("a-b-c", ("a-b", "c")), ("os-", ("os", ""))]
)
def test_a_section_is_split_at_its_last_hyphen(text: str, expected: tuple[str, str]) -> None:
    assert section_of(request(section=text)) == expected


def test_a_section_without_hyphen_is_refused() -> None:
    with pytest.raises(BadRequest, match="COURSE-SECTION"):
        section_of(request(section="os"))
