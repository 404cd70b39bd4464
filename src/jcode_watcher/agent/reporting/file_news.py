"""Turns facts about files into events, and says which file states become true with them."""

from collections import Counter
from collections.abc import Iterable

from jcode_watcher.agent.classifying.versions import Versions
from jcode_watcher.agent.placing.places import Spot, Workspace, spot_in_root, workspace_of
from jcode_watcher.agent.placing.rules import Courses
from jcode_watcher.agent.placing.subjects import subject_in
from jcode_watcher.agent.reporting.draft import Draft, FileChange
from jcode_watcher.agent.reporting.file_bodies import (
    deleted_body,
    moved_body,
    moved_in_body,
    moved_out_body,
    saved_body,
)
from jcode_watcher.agent.reporting.monitor_bodies import missed_body
from jcode_watcher.agent.writers.deeds import Deed
from jcode_watcher.events import Subject, to_text
from jcode_watcher.events.file import FileSaved
from jcode_watcher.filemon.facts import Deleted, Fact, FileState, Missed, Moved, Saved, Unkept

DROPPED_MAX = 100_000
"""Files that are told again once there is room; of further ones the next start tells."""
NOBODY = Workspace("", "", "")


class FileReporter:
    """Reports on files; who did it is named later. Used by the keeper's thread only."""

    def __init__(self, versions: Versions, courses: Courses) -> None:
        self._courses = courses
        self._versions = versions
        self._dropped: dict[tuple[bytes, bytes], FileState | None] = {}
        """What was told last of files, and found no room in the spool."""
        self.omitted: Counter[tuple[str, str]] = Counter()
        """Saves without content, by course (empty for those without rules of their own) and reason."""

    def drafts(self, root: bytes, fact: Fact) -> list[Draft]:
        """Give the events of a fact: one, or two for a move between assignments."""
        match fact:
            case Saved():
                return [self._saved(root, fact)]
            case Deleted():
                return [self._deleted(root, fact)]
            case Moved():
                return self._moved(root, fact)
            case Missed():
                workspace = workspace_of(fact.workspace)
                return [Draft(fact.until_ns, workspace and subject_in(workspace, None), missed_body(fact))]

    def dropped(self, drafts: Iterable[Draft]) -> None:
        """Remember what could not be kept: no later event calls it unchanged, and it is told again."""
        for draft in drafts:
            if isinstance(draft.body, FileSaved) and draft.body.omitted == "unchanged":
                continue
            for root, path, state in draft.changes:
                if len(self._dropped) < DROPPED_MAX:
                    self._dropped[root, path] = state

    def unkept(self) -> dict[bytes, list[Unkept]]:
        """Give, once and by root, what was told last of files and could not be kept."""
        unkept: dict[bytes, list[Unkept]] = {}
        for (root, path), told in self._dropped.items():
            kept = self._versions.kept(root, path)
            unkept.setdefault(root, []).append(Unkept(path=path, told=told, kept=kept))
        self._dropped.clear()
        return unkept

    def _saved(self, root: bytes, fact: Saved) -> Draft:
        spot = self._spot(fact.path)
        key = (root, fact.path)
        if fact.content is not None:
            self._dropped.pop(key, None)
        unkept = fact.omitted == "unchanged" and key in self._dropped
        self._versions.note(root, fact.path, fact.state, fact.previous_sha256)
        omitted = "dropped" if unkept else fact.omitted
        if omitted is not None:
            self.omitted[self._courses.named(spot.workspace and spot.workspace.course), omitted] += 1
        body = saved_body(fact, text_of(spot), omitted)
        # Without the new state the next start finds the file changed, and brings its content.
        changes = () if unkept else (FileChange(root, fact.path, fact.state),)
        return Draft(fact.time_ns, subject_at(spot), body, changes, deed=deed_at(spot, fact))

    def _deleted(self, root: bytes, fact: Deleted) -> Draft:
        spot = self._spot(fact.path)
        body = deleted_body(fact, text_of(spot))
        self._dropped.pop((root, fact.path), None)
        gone = FileChange(root, fact.path, None)
        return Draft(fact.time_ns, subject_at(spot), body, (gone,), deed=deed_at(spot, fact))

    def _moved(self, root: bytes, fact: Moved) -> list[Draft]:
        spot, destination = self._spot(fact.path), self._spot(fact.destination)
        for path in (fact.path, fact.destination):
            self._dropped.pop((root, path), None)
        gone, come = FileChange(root, fact.path, None), FileChange(root, fact.destination, fact.state)
        self._versions.note(root, fact.destination, fact.state, None)
        came_by = deed_at(destination, fact)
        if subject_at(spot) == subject_at(destination):
            body = moved_body(fact, text_of(spot), text_of(destination))
            return [Draft(fact.time_ns, subject_at(spot), body, (gone, come), deed=came_by)]
        left = moved_out_body(fact, text_of(spot))
        came = moved_in_body(fact, text_of(destination))
        return [
            Draft(fact.time_ns, subject_at(spot), left, (gone,), deed=deed_at(spot, fact)),
            Draft(fact.time_ns, subject_at(destination), came, (come,), deed=came_by),
        ]

    def _spot(self, path: bytes) -> Spot:
        """Place a path relative to a root; outside every assignment it stands as it is."""
        spot = spot_in_root(path, self._courses)
        if spot is None or spot.assignment is None:
            return Spot(spot.workspace if spot else None, None, path)
        return spot


def deed_at(spot: Spot, fact: Saved | Deleted | Moved) -> Deed:
    """Give by what the writer can be named."""
    return Deed(fact.pid, fact.time_ns, spot.workspace or NOBODY)


def text_of(spot: Spot) -> str:
    """Give the path below the assignment as it travels."""
    return to_text(spot.below)


def subject_at(spot: Spot) -> Subject:
    """Give whose workspace it is."""
    return subject_in(spot.workspace, spot.assignment)
