"""An event before it is kept: it has no id and no number yet."""

from typing import NamedTuple

from jcode_watcher.events import Body, Subject
from jcode_watcher.filemon.facts import FileState


class FileChange(NamedTuple):
    """What is to be remembered of a file once its event is kept."""

    root: bytes
    path: bytes
    state: FileState | None
    """None where the file is gone."""


class Draft(NamedTuple):
    """An event, and the file states that become true with it."""

    time_ns: int
    subject: Subject | None
    body: Body
    changes: tuple[FileChange, ...] = ()
