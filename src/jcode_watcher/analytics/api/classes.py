"""Sections, and what goes on in one."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from jcode_watcher.analytics.answers import answer
from jcode_watcher.analytics.api.query import section_of
from jcode_watcher.analytics.services import services_of
from jcode_watcher.analytics.store.classes import (
    ASSIGNMENTS,
    SECTIONS,
    STUDENTS,
    AssignmentRow,
    SectionRow,
    StudentRow,
)


class Sections(msgspec.Struct):
    """Answer of `GET /v1/sections`."""

    sections: list[SectionRow]


class Students(msgspec.Struct):
    """Answer of `GET /v1/sections/{section}/students`."""

    students: list[StudentRow]


class Assignments(msgspec.Struct):
    """Answer of `GET /v1/sections/{section}/assignments`."""

    assignments: list[AssignmentRow]


async def get_sections(request: Request) -> Response:
    """List the sections of which anything was seen."""
    services = services_of(request)
    services.access.reader(request)
    return answer(Sections(await services.store.read(SECTIONS.of)))


async def get_students(request: Request) -> Response:
    """List the students of a section and what was seen of their work, of one assignment or of all."""
    services = services_of(request)
    services.access.reader(request)
    course, section = section_of(request)
    assignment = request.query_params.get("assignment", "")
    rows = await services.store.read(
        lambda store: STUDENTS.of(store, course=course, section=section, assignment=assignment)
    )
    return answer(Students(rows))


async def get_assignments(request: Request) -> Response:
    """List the assignments of a section."""
    services = services_of(request)
    services.access.reader(request)
    course, section = section_of(request)
    rows = await services.store.read(lambda store: ASSIGNMENTS.of(store, course=course, section=section))
    return answer(Assignments(rows))
