"""An event before it is kept: it has no id and no number yet."""

from typing import NamedTuple

from jcode_watcher.agent.writers.deeds import Deed
from jcode_watcher.events import Body, Subject
from jcode_watcher.filemon.facts import FileState


class FileChange(NamedTuple):
    """What is to be remembered of a file once its event is kept."""

    root: bytes
    path: bytes
    state: FileState | None
    """None where the file is gone."""


POSITION = "position"
"""What is counted of a ring beside its losses: how far it was read."""


class Reading(NamedTuple):
    """What has been told of one of the kernel's rings once an event is kept."""

    ring: str
    counter: str
    total: int


class Draft(NamedTuple):
    """An event, and what becomes true with it."""

    time_ns: int
    subject: Subject | None
    body: Body
    changes: tuple[FileChange, ...] = ()
    reading: Reading | None = None
    deed: Deed | None = None
    """Whose writer is to be named before the event is kept."""
