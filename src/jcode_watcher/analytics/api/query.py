"""Read what a request asks for; BadRequest says what is missing or wrong."""

import re

from starlette.requests import Request

from jcode_watcher.analytics.errors import BadRequest
from jcode_watcher.analytics.store.timeline import TIME_MAX_NS, TIME_MIN_NS, Selection
from jcode_watcher.events import nanoseconds

EVENTS_MAX = 1_000_000
"""The largest `limit`."""
NUMBER = re.compile(r"[0-9]{1,9}")


def selection_of(request: Request) -> Selection:
    """Read whose events are asked for: one student's, or those of all students of the section."""
    return window_of(
        request,
        Selection(
            course=required(request, "course"),
            section=required(request, "section"),
            student=request.query_params.get("student"),
            assignment=request.query_params.get("assignment"),
        ),
    )


def window_of(request: Request, selection: Selection) -> Selection:
    """Narrow a selection to the time and the kinds that are asked for."""
    return selection._replace(
        since_ns=time_of(request, "from", TIME_MIN_NS),
        until_ns=time_of(request, "to", TIME_MAX_NS),
        kinds=names_of(request, "kinds"),
    )


def names_of(request: Request, name: str) -> tuple[str, ...]:
    """Give the names that a parameter lists, by commas, by being repeated, or both."""
    given = ",".join(request.query_params.getlist(name))
    return tuple(filter(None, given.split(",")))


def required(request: Request, name: str) -> str:
    """Give a parameter that must be there."""
    value = request.query_params.get(name)
    if value is None:
        raise BadRequest(f"the parameter {name}= is missing")
    return value


def time_of(request: Request, name: str, default_ns: int) -> int:
    """Give a moment in nanoseconds, cut to what the store can hold."""
    text = request.query_params.get(name)
    if text is None:
        return default_ns
    try:
        return min(max(nanoseconds(text), TIME_MIN_NS), TIME_MAX_NS)
    except ValueError as error:
        raise BadRequest(f"{name}={text!r}: {error}; give RFC 3339 such as 2026-03-02T01:02:03Z") from error


def limit_of(request: Request) -> int | None:
    """Give how many events are wanted at most; None where everything is."""
    text = request.query_params.get("limit")
    if text is None:
        return None
    if not (NUMBER.fullmatch(text) and 1 <= int(text) <= EVENTS_MAX):
        raise BadRequest(f"limit={text!r}; give a number from 1 to {EVENTS_MAX}, or none for everything")
    return int(text)


def section_of(request: Request) -> tuple[str, str]:
    """Give course and section of a path; a course may hold hyphens, a section holds none."""
    text = request.path_params["section"]
    course, hyphen, section = text.rpartition("-")
    if not hyphen:
        raise BadRequest(f"section {text!r}; give COURSE-SECTION, such as os-1")
    return course, section
