"""Whom an event is about. Pure.

`identity` says how the student is known: `hostname` where the container's host name told; `unknown` where
only a path did: a workspace folder says whose files they are, and nothing of who wrote them.
"""

from collections.abc import Iterable

from jcode_watcher.agent.placing.places import Host, Spot, Workspace
from jcode_watcher.events import Identity, Subject


def subject_of(host: Host | None, spots: Iterable[Spot]) -> Subject:
    """Place a process by its host name, else by the first spot that names a workspace.

    The assignment is that of the first spot in the same student's workspace.
    """
    known = list(spots)
    workspace = host.workspace if host else next((spot.workspace for spot in known if spot.workspace), None)
    own = (spot.assignment for spot in known if spot.assignment and spot.workspace in {None, workspace})
    return subject_in(
        workspace,
        next(own, None),
        "hostname" if host else "unknown",
        host.pod_name if host else None,
    )


def subject_in(
    workspace: Workspace | None,
    assignment: str | None,
    identity: Identity = "unknown",
    pod_name: str | None = None,
) -> Subject:
    """Give the subject of a workspace, or of nobody known."""
    return Subject(
        course=workspace.course if workspace else None,
        section=workspace.section if workspace else None,
        student=workspace.student if workspace else None,
        assignment=assignment,
        workspace=workspace.name if workspace else None,
        pod_name=pod_name,
        identity=identity,
    )
