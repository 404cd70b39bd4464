"""Whose place a host name or a path names. Pure; what does not fit the grammar is unknown, never guessed."""

import re
from collections.abc import Sequence
from functools import lru_cache
from posixpath import join, normpath
from typing import NamedTuple

from jcode_watcher.agent.placing.rules import Courses, Rules
from jcode_watcher.events import to_text

WORKSPACE = re.compile(rb"(?P<course>[A-Za-z0-9]+)-(?P<section>[^-/]+)-(?P<student>[0-9]+)")
POD_SUFFIX = re.compile(rb"-[^-/]+-[^-/]+")
"""`-<replicaset>-<pod>`, which a Deployment appends to the names of its pods."""

CONTAINER_PROJECTS = (b"/home/coder/project", b"/config/workspace")
"""Folders inside a container that hold assignments."""
CONTAINER_WORKSPACES = (b"/workspace", b"/config/workspace")
"""Folders inside a container that hold workspaces that hold assignments."""
REMEMBERED_MAX = 1_024
"""Answers that are remembered: a class asks for the same few folders and hosts again and again."""


class Workspace(NamedTuple):
    """A student in a course."""

    course: str
    section: str
    student: str

    @property
    def name(self) -> str:
        """Name of the workspace folder."""
        return "-".join(self)


class Host(NamedTuple):
    """What a container's host name says."""

    workspace: Workspace
    pod_name: str | None
    """Where the name ends as a Deployment's pod does."""


class Spot(NamedTuple):
    """Where a path lies."""

    workspace: Workspace | None
    """None where the path does not tell, as inside a container."""
    assignment: str | None
    below: bytes
    """The path below the assignment folder; empty for the folder itself."""


def workspace_in(match: re.Match[bytes]) -> Workspace:
    """Give the workspace that WORKSPACE has read."""
    return Workspace(to_text(match["course"]), to_text(match["section"]), to_text(match["student"]))


@lru_cache(REMEMBERED_MAX)
def host_of(hostname: bytes, prefixes: tuple[bytes, ...]) -> Host | None:
    """Read `<prefix><course>-<section>-<student>[-<replicaset>-<pod>]`; None where it is none."""
    for prefix in sorted(prefixes, key=len, reverse=True):
        if not hostname.startswith(prefix):
            continue
        name = hostname[len(prefix) :]
        match = WORKSPACE.match(name)
        rest = name[match.end() :] if match else b""
        if match and (not rest or POD_SUFFIX.fullmatch(rest)):
            return Host(workspace_in(match), to_text(hostname) if rest else None)
    return None


def workspace_of(folder: bytes) -> Workspace | None:
    """Read a workspace folder's name; None where it is none."""
    match = WORKSPACE.fullmatch(folder)
    return workspace_in(match) if match else None


def is_in_workspace(path: bytes) -> bool:
    """Tell whether a path lies where students keep their own files, whatever their course is."""
    below = tuple(folder + b"/" for folder in (*CONTAINER_PROJECTS, *CONTAINER_WORKSPACES))
    return path.startswith(below) or any(map(WORKSPACE.fullmatch, path.split(b"/")))


def spot_in_root(path: bytes, courses: Courses) -> Spot | None:
    """Place a path relative to a root, `<workspace>/hw<n>/...`; None where it is in no workspace."""
    folder, _, rest = path.partition(b"/")
    workspace = workspace_of(folder)
    if workspace is None:
        return None
    return spot_in_project(rest, workspace, courses.rules(workspace.course)) or Spot(workspace, None, b"")


def spot_in_project(path: bytes, workspace: Workspace | None, rules: Rules) -> Spot | None:
    """Place a path relative to the folder that holds the assignments; None where it is in none of them."""
    folder, _, below = path.partition(b"/")
    return Spot(workspace, to_text(folder), below) if rules.is_assignment(folder) else None


@lru_cache(REMEMBERED_MAX)
def absolute(path: bytes, cwd: bytes) -> bytes:
    """Give a path as the kernel would, but for symbolic links; as it is where `cwd` is unknown."""
    full = normpath(join(cwd, path))
    return full[1:] if full.startswith(b"//") else full


class Places:
    """Places absolute paths: of the host below its roots, and of the inside of containers."""

    def __init__(self, roots: Sequence[bytes], courses: Courses) -> None:
        """Take the roots as absolute paths without symbolic links."""
        self._roots = tuple(root.rstrip(b"/") + b"/" for root in roots)
        self._courses = courses
        self._remembered = lru_cache(REMEMBERED_MAX)(self._spot)

    def spot(self, path: bytes, course: str | None = None) -> Spot | None:
        """Give the spot of an absolute path, None where it is nobody's.

        `course` is that of the container that speaks of it: a path inside does not tell.
        """
        return self._remembered(path, course)

    def is_own(self, path: bytes, course: str | None = None) -> bool:
        """Tell whether an absolute path is a student's own file in an assignment."""
        spot = self.spot(path, course)
        if spot is None or spot.assignment is None or not spot.below:
            return False
        rules = self._courses.rules(spot.workspace.course if spot.workspace else course)
        return not rules.is_foreign(spot.below.rpartition(b"/")[0])

    def _spot(self, path: bytes, course: str | None) -> Spot | None:
        for root in self._roots:
            if path.startswith(root):
                return spot_in_root(path[len(root) :], self._courses)
        return self._spot_in_container(path, course)

    def _spot_in_container(self, path: bytes, course: str | None) -> Spot | None:
        """Place a path as a student's own container shows it."""
        rules = self._courses.rules(course)
        for project in CONTAINER_PROJECTS:
            if path.startswith(project + b"/") and (
                spot := spot_in_project(path[len(project) + 1 :], None, rules)
            ):
                return spot
        for folder in CONTAINER_WORKSPACES:
            if path.startswith(folder + b"/"):
                return spot_in_root(path[len(folder) + 1 :], self._courses)
        return None
