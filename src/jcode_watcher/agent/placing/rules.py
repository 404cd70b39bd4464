"""What is an assignment and what a source file, for all courses and for each that differs. Pure."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

from jcode_watcher.agent.placing.kinds import KINDS
from jcode_watcher.agent.settings import AgentSettings, CourseSettings

V = TypeVar("V")

FOREIGN_NAMES: Final = (b".#", b"._")
"""Beginnings of names that editors and archives make: Emacs's locks, macOS's resource forks."""
WILDCARD: Final = re.compile(r"(<n>|\*)")
WILDCARDS: Final = {"<n>": b"[0-9]+", "*": b"[^/]*"}


class Rules(NamedTuple):
    """The rules of one course."""

    suffixes: frozenset[bytes]
    """In lower case."""
    names: frozenset[bytes]
    assignments: re.Pattern[bytes]
    foreign: re.Pattern[bytes]
    content_bytes_max: int

    def is_assignment(self, folder: bytes) -> bool:
        """Tell whether a folder directly below a workspace is an assignment's."""
        return self.assignments.fullmatch(folder) is not None and not self.is_foreign(folder)

    def is_foreign(self, folder: bytes) -> bool:
        """Tell whether a folder, given by its path below an assignment, holds other people's sources."""
        return self.foreign.search(folder) is not None

    def keeps(self, name: bytes) -> bool:
        """Tell whether a file of this name is a source file."""
        dot = name.rfind(b".")
        if name[dot:].lower() in self.suffixes and name[:dot].strip(b"."):
            return not name.startswith(FOREIGN_NAMES)
        return name in self.names


class Courses:
    """The rules by course. Answers from any thread, always the same."""

    def __init__(self, settings: AgentSettings) -> None:
        self._common = rules_of(settings, CourseSettings())
        self._courses = {name: rules_of(settings, own) for name, own in settings.courses.items()}

    def rules(self, course: str | None) -> Rules:
        """Give the rules of a course; those for all where it has none of its own, or is not known."""
        return self._courses.get(course, self._common) if course else self._common

    def named(self, course: str | None) -> str:
        """Give the name of a course with rules of its own; of all others together, an empty one."""
        return course if course and course in self._courses else ""


def rules_of(common: AgentSettings, own: CourseSettings) -> Rules:
    """Compile the rules of a course: what it does not say itself is as for all."""
    kinds = [KINDS[kind] for kind in chosen(own.source_kind, common.source_kind)]
    suffixes = chosen(own.source_suffix, common.source_suffix)
    names = chosen(own.source_name, common.source_name)
    return Rules(
        suffixes=frozenset(s for kind in kinds for s in kind.suffixes)
        | frozenset(suffix.lower().encode() for suffix in suffixes),
        names=frozenset(n for kind in kinds for n in kind.names) | frozenset(map(str.encode, names)),
        assignments=re.compile(b"|".join(map(expression_of, chosen(own.assignment, common.assignment)))),
        foreign=foreign_pattern(chosen(own.ignored_folder, common.ignored_folder)),
        content_bytes_max=chosen(own.content_bytes_max, common.content_bytes_max),
    )


def chosen(own: V | None, common: V) -> V:
    """Give a course's own setting, also an empty one, else the one for all."""
    return common if own is None else own


def foreign_pattern(ignored: Iterable[str]) -> re.Pattern[bytes]:
    """Compile what makes a path foreign: a folder in it that is hidden, an environment's, or ignored.

    A student's own `lib/` is the student's; `lib/python3.12/` is an environment's.
    """
    parts = (rb"\.[^/]*", rb"lib/python[^/]*", *map(expression_of, ignored))
    return re.compile(rb"(?:^|/)(?:" + b"|".join(parts) + rb")(?:/|\Z)")


def expression_of(folder: str) -> bytes:
    """Give the regular expression of a folder's name; what begins with `*` is no hidden one all the same.

    It has one wildcard at most, so that no name, however long, takes more than one pass.
    """
    parts = [WILDCARDS.get(part) or re.escape(part.encode()) for part in WILDCARD.split(folder)]
    return (rb"(?!\.)" if folder.startswith("*") else b"") + b"".join(parts)
