"""Every endpoint, once: the routes and the OpenAPI document are both made from this table."""

from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher.analytics.api import classes, files, probes, session, timeline
from jcode_watcher.analytics.ingest.endpoint import post_batch
from jcode_watcher.events import Batch, Receipt


class Parameter(NamedTuple):
    """Something a request is told in its path or query."""

    name: str
    description: str
    place: Literal["path", "query"] = "query"
    required: bool = True


class Endpoint(NamedTuple):
    """A method on a path, and what it promises."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    handler: Callable[[Request], Awaitable[Response]]
    who: Literal["agent", "reader", "anyone"]
    gives: type | str | None
    """Type of the JSON answer, or a media type, or nothing (204)."""
    refusals: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    takes: type | None = None


COURSE = Parameter("course", "Course, such as `os`.")
SECTION = Parameter("section", "Section, such as `1`.")
STUDENT = Parameter("student", "Student's number.")
ASSIGNMENT = Parameter("assignment", "Name of the assignment's folder, such as `hw1`.")
COURSE_SECTION = Parameter("section", "`COURSE-SECTION`, split at the last hyphen, such as `os-1`.", "path")
WINDOW = (
    Parameter("from", "Earliest moment, RFC 3339, inclusive.", required=False),
    Parameter("to", "Latest moment, RFC 3339, exclusive.", required=False),
    Parameter("after", "Cursor: the `next` of an answer before.", required=False),
    Parameter("limit", "At most so many events; without it everything.", required=False),
    Parameter("kinds", "Only these kinds, separated by commas.", required=False),
)
TIMELINE = (
    COURSE,
    SECTION,
    Parameter("student", "Student's number; without it all students of the section.", required=False),
    ASSIGNMENT._replace(required=False),
    *WINDOW,
)
MONITOR = (
    *WINDOW,
    Parameter("node", "Only of these nodes, separated by commas or given one by one.", required=False),
)
FILES = (COURSE, SECTION, STUDENT, ASSIGNMENT)
PATH = Parameter("path", "Below the assignment's folder, escaped as in the events.")
SHA256 = Parameter("sha256", "64 hexadecimal digits, lower case.", "path")

ENDPOINTS = (
    Endpoint("POST", "/v1/batches", post_batch, "agent", Receipt, (400, 408, 413, 429, 503), takes=Batch),
    Endpoint(
        "POST",
        "/v1/session",
        session.post_session,
        "anyone",
        None,
        (400, 401, 403, 408, 413, 429),
        takes=session.SignIn,
    ),
    Endpoint("GET", "/v1/session", session.get_session, "reader", session.SignedIn),
    Endpoint("DELETE", "/v1/session", session.delete_session, "anyone", None, (403,)),
    Endpoint("GET", "/v1/sections", classes.get_sections, "reader", classes.Sections),
    Endpoint(
        "GET",
        "/v1/sections/{section}/students",
        classes.get_students,
        "reader",
        classes.Students,
        (400,),
        (COURSE_SECTION, ASSIGNMENT._replace(required=False)),
    ),
    Endpoint(
        "GET",
        "/v1/sections/{section}/assignments",
        classes.get_assignments,
        "reader",
        classes.Assignments,
        (400,),
        (COURSE_SECTION,),
    ),
    Endpoint("GET", "/v1/timeline", timeline.get_timeline, "reader", timeline.Timeline, (400,), TIMELINE),
    Endpoint("GET", "/v1/monitor", timeline.get_monitor, "reader", timeline.Timeline, (400,), MONITOR),
    Endpoint("GET", "/v1/files", files.get_files, "reader", files.Files, (400,), FILES),
    Endpoint("GET", "/v1/versions", files.get_versions, "reader", files.Versions, (400,), (*FILES, PATH)),
    Endpoint(
        "GET",
        "/v1/contents/{sha256}",
        files.get_content,
        "reader",
        "application/octet-stream",
        (404,),
        (SHA256,),
    ),
    Endpoint("GET", "/livez", probes.livez, "anyone", dict[str, str], (503,)),
    Endpoint("GET", "/readyz", probes.readyz, "anyone", dict[str, str], (503,)),
    Endpoint("GET", "/metrics", probes.metrics, "anyone", "text/plain"),
)

LIVE_PATH = "/v1/live"
LIVE_PARAMETERS = tuple(parameter._replace(required=False) for parameter in (COURSE, SECTION, STUDENT))
