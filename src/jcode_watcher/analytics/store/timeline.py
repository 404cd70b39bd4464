"""Events of a student or of a whole section in order, a page at a time."""

import base64
import binascii
from typing import NamedTuple, Self

import msgspec

from jcode_watcher.analytics.errors import BadRequest
from jcode_watcher.analytics.store.connection import Connection, json_list

PAGE_EVENTS = 5_000
"""Events of one student held in memory at once for one answer."""
SECTION_PAGE_EVENTS = 20_000
"""The same of a section: its events lie far apart, and each page reads most of their blocks anew."""
TIME_MIN_NS, TIME_MAX_NS = -(2**63), 2**63 - 1


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A place in the order of events: within one start of an agent, `seq` decides between equal times."""

    time: int
    agent: str
    seq: int
    id: str

    def cursor(self) -> str:
        """Give it as text that a client hands back."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def of_cursor(cls, text: str) -> Self:
        """Read it back; BadRequest if it was not made here."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            place = msgspec.json.decode(raw, type=cls)
        except (binascii.Error, ValueError) as error:
            raise BadRequest(f"after={text!r} is no cursor; give the `next` of an answer before") from error
        if not (TIME_MIN_NS <= place.time <= TIME_MAX_NS and 0 <= place.seq < 2**64):
            raise BadRequest(f"after={text!r} is no cursor; give the `next` of an answer before")
        return place


class Selection(NamedTuple):
    """Which events are asked for."""

    course: str
    section: str
    student: str | None
    """None: every student's; what belongs to no student is left out."""
    assignment: str | None = None
    since_ns: int = TIME_MIN_NS
    """Inclusive."""
    until_ns: int = TIME_MAX_NS
    """Exclusive."""
    kinds: tuple[str, ...] = ()
    """Empty: all."""
    nodes: tuple[str, ...] = ()
    """Empty: all."""
    path: str | None = None
    """Only events of the file at this path."""

    @property
    def page_events(self) -> int:
        """How many events are read at once."""
        return SECTION_PAGE_EVENTS if self.student is None else PAGE_EVENTS


class Found(msgspec.Struct, frozen=True):
    """An event and its place."""

    time: int
    agent: str
    seq: int
    id: str
    envelope: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.time, self.agent, self.seq, self.id)


FOUND = msgspec.json.Decoder(Found)
START = Place(TIME_MIN_NS, "", 0, "")
PAGE = """
SELECT time, agent, seq, id, envelope FROM events
WHERE course = {course:String} AND section = {section:String}
  AND if({any_student:UInt8}, student != '', student = {student:String})
  AND time >= {since:Int64} AND time < {until:Int64}
  AND time >= {time:Int64}
  AND (time, agent, seq, id) > ({time:Int64}, {agent:String}, {seq:UInt64}, {id:String})
  AND ({any_assignment:UInt8} OR assignment = {assignment:String})
  AND ({any_path:UInt8} OR path = {path:String})
  AND ({any_kind:UInt8} OR kind IN (SELECT arrayJoin(JSONExtract({kinds:String}, 'Array(String)'))))
  AND ({any_node:UInt8} OR node IN (SELECT arrayJoin(JSONExtract({nodes:String}, 'Array(String)'))))
ORDER BY time, agent, seq, id
LIMIT {limit:UInt32}
"""


def page(connection: Connection, selection: Selection, after: Place, events_max: int) -> list[Found]:
    """Give at most `events_max` events that stand after a place, oldest first."""
    return connection.rows(
        PAGE,
        FOUND,
        course=selection.course,
        section=selection.section,
        any_student=int(selection.student is None),
        student=selection.student or "",
        since=selection.since_ns,
        until=selection.until_ns,
        time=after.time,
        agent=after.agent,
        seq=after.seq,
        id=after.id,
        any_assignment=int(selection.assignment is None),
        assignment=selection.assignment or "",
        any_path=int(selection.path is None),
        path=selection.path or "",
        any_kind=int(not selection.kinds),
        kinds=json_list(list(selection.kinds)),
        any_node=int(not selection.nodes),
        nodes=json_list(list(selection.nodes)),
        limit=events_max,
    )
