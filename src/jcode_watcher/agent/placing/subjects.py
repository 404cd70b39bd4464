"""Whom an event is about. Pure.

A process is placed by its container's host name, which the kernel pinned at first sight; where nothing could
be pinned, by its own host name; else by a path, and then `identity` is `unknown`: a workspace folder says
whose files they are, and nothing of who wrote them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jcode_watcher.agent.placing.containers import NOWHERE, Container, container_of
from jcode_watcher.agent.placing.places import Host, Spot, Workspace, host_of
from jcode_watcher.events import Identity, Subject
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled


class Origin(NamedTuple):
    """Where a process comes from."""

    host: Host | None
    """By the container's pinned name, else by its own; None where neither is believed or says anything."""
    identity: Identity
    container: Container = NOWHERE


def origin_of(fact: Executed | Exited | OomKilled, prefixes: Sequence[bytes]) -> Origin:
    """Say whose container a process is in. A claimed name never outweighs the pinned one."""
    name = {"pinned": fact.pinned_hostname, "mismatch": fact.pinned_hostname, "hostname": fact.hostname}
    believed = name.get(fact.identity)
    host = host_of(believed, tuple(prefixes)) if believed else None
    return Origin(host, fact.identity if host else "unknown", container_of(fact.cgroup_path))


def subject_of(origin: Origin, spots: Iterable[Spot] = ()) -> Subject:
    """Place a process by where it comes from, else by the first spot that names a workspace.

    The assignment is that of the first spot in the same student's workspace.
    """
    known = list(spots)
    host = origin.host
    workspace = host.workspace if host else next((spot.workspace for spot in known if spot.workspace), None)
    own = (spot.assignment for spot in known if spot.assignment and spot.workspace in {None, workspace})
    return subject_in(workspace, next(own, None), origin)


NOBODY = Origin(None, "unknown")


def subject_in(workspace: Workspace | None, assignment: str | None, origin: Origin = NOBODY) -> Subject:
    """Give the subject of a workspace, or of nobody known."""
    return Subject(
        course=workspace.course if workspace else None,
        section=workspace.section if workspace else None,
        student=workspace.student if workspace else None,
        assignment=assignment,
        workspace=workspace.name if workspace else None,
        container_id=origin.container.container_id,
        pod_uid=origin.container.pod_uid,
        pod_name=origin.host.pod_name if origin.host else None,
        identity=origin.identity,
    )
