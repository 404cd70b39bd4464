"""What instructors ask of a whole class: sections, students, assignments."""

from typing import Generic, TypeVar

import msgspec

from jcode_watcher.analytics.store.connection import Connection
from jcode_watcher.events import moment

T = TypeVar("T")


class SectionRow(msgspec.Struct, frozen=True):
    """A section of a course."""

    course: str
    section: str
    students: int
    events: int
    last_activity: str | None


class StudentRow(msgspec.Struct, frozen=True):
    """A student and what was seen of the work. `failed_runs` holds crashes and out of memory too."""

    student: str
    last_activity: str | None
    """When the student last did something, rather than a helper program or the monitor; null if never."""
    last_kind: str | None
    assignment: str | None
    """The one worked on last."""
    saves: int
    builds: int
    failed_builds: int
    runs: int
    failed_runs: int
    crashes: int
    """Runs that ended by their own fault: by a signal, but not one that stops a program, as Ctrl-C does."""
    oom_kills: int


class AssignmentRow(msgspec.Struct, frozen=True):
    """An assignment and what a section did for it."""

    assignment: str
    students: int
    saves: int
    builds: int
    runs: int
    first_activity: str
    last_activity: str


class Answer(Generic[T]):
    """A query and the row it gives; columns whose name ends in `_activity` are times."""

    def __init__(self, sql: str, row: type[T]) -> None:
        self._sql = sql
        self._row = row
        self._decoder = msgspec.json.Decoder(dict[str, str | int | None])

    def of(self, connection: Connection, **parameters: str) -> list[T]:
        """Ask."""
        rows = connection.rows(self._sql, self._decoder, **parameters)
        return [msgspec.convert(with_moments(row), self._row) for row in rows]


def with_moments(row: dict[str, str | int | None]) -> dict[str, str | int | None]:
    """Give a row whose times are RFC 3339 text."""
    return {
        name: moment(value) if name.endswith("_activity") and isinstance(value, int) else value
        for name, value in row.items()
    }


# The order of events as one number: a tuple as long as (time, agent, seq) is four times slower to compare.
LAST = "bitOr(bitShiftLeft(toUInt128(time), 64), toUInt128(seq))"
IN_SECTION = "course = {course:String} AND section = {section:String} AND student != ''"
# What the student did: the parts of a compiler, the editor's own programs and the monitor are not among it.
DEED = """(kind LIKE 'file.%' OR kind IN ('cell.executed', 'process.oom_killed')
            OR (kind LIKE 'process.%' AND activity != ''))"""
ENDED = "kind = 'process.exited' AND activity"
FAILED = "outcome IN ('failed', 'crashed', 'out_of_memory')"
COUNTS = f"""
    countIf(kind = 'file.saved') AS saves,
    countIf({ENDED} = 'build') AS builds,
    countIf({ENDED} = 'run') AS runs
"""

SECTIONS = Answer(
    """
SELECT course, section, uniqExactIf(student, student != '') AS students, count() AS events,
       max(time) AS last_activity
FROM events WHERE course != '' AND section != ''
GROUP BY course, section ORDER BY course, section
""",
    SectionRow,
)

STUDENTS = Answer(
    f"""
SELECT student, maxOrNullIf(time, {DEED}) AS last_activity,
       nullIf(argMaxIf(kind, {LAST}, {DEED}), '') AS last_kind,
       nullIf(argMaxIf(assignment, {LAST}, assignment != ''), '') AS assignment, {COUNTS},
    countIf({ENDED} = 'build' AND {FAILED}) AS failed_builds,
    countIf({ENDED} = 'run' AND {FAILED}) AS failed_runs,
    countIf({ENDED} = 'run' AND outcome = 'crashed') AS crashes,
    countIf(kind = 'process.oom_killed') AS oom_kills
FROM (
    SELECT * FROM events
    WHERE {IN_SECTION} AND ({{assignment:String}} = '' OR assignment = {{assignment:String}})
)
GROUP BY student ORDER BY student
""",  # noqa: S608 - made of constants above
    StudentRow,
)

ASSIGNMENTS = Answer(
    f"""
SELECT assignment, uniqExact(student) AS students, {COUNTS},
       min(time) AS first_activity, max(time) AS last_activity
FROM events WHERE {IN_SECTION} AND assignment != ''
GROUP BY assignment ORDER BY assignment
""",  # noqa: S608 - made of constants above
    AssignmentRow,
)
