"""Which files below a root are source files, and which folders hold none. Paths are relative to a root."""

import re
from functools import lru_cache
from typing import Final

from jcode_watcher.agent.placing.places import WORKSPACE
from jcode_watcher.agent.placing.rules import Courses, Rules

REMEMBERED_MAX: Final = 1_024
"""Folders that are remembered: a scan and a student's saves ask for the same one again and again."""
REMEMBERED_BYTES_MAX: Final = 1_024
"""A folder with a longer path is judged each time, so that nobody fills the memory with deep ones."""
NOTHING: Final = Rules(frozenset(), frozenset(), re.compile(b"(?!)"), re.compile(b"(?!)"), 0)
"""The rules between a workspace and its assignments."""


class Sources:
    """Judges files and folders by the rules of their course; the same path is always judged the same."""

    def __init__(self, courses: Courses) -> None:
        self._courses = courses
        self._remembered = lru_cache(REMEMBERED_MAX)(self._find)

    def wants(self, path: bytes) -> bool:
        """Tell whether a file is a source file of an assignment: its versions are kept."""
        folder, _, name = path.rpartition(b"/")
        rules = self._rules_in(folder)
        return rules is not None and rules.keeps(name)

    def prunes(self, folder: bytes) -> bool:
        """Tell whether a folder lies outside every assignment or holds nothing of the student's own."""
        return self._rules_in(folder) is None

    def content_bytes_max_of(self, path: bytes) -> int:
        """Give how long a file may be to be told with its content."""
        rules = self._rules_in(path.rpartition(b"/")[0])
        return rules.content_bytes_max if rules else 0

    def _rules_in(self, folder: bytes) -> Rules | None:
        return (self._remembered if len(folder) <= REMEMBERED_BYTES_MAX else self._find)(folder)

    def _find(self, folder: bytes) -> Rules | None:
        """Give the rules for the files in a folder, None where nobody looks."""
        name, _, inner = folder.partition(b"/")
        workspace = WORKSPACE.fullmatch(name)
        if workspace is None:
            return None
        if not inner:
            return NOTHING
        rules = self._courses.rules(workspace["course"].decode())
        assignment, _, below = inner.partition(b"/")
        return rules if rules.is_assignment(assignment) and not rules.is_foreign(below) else None
