"""Whom an event is about, and how sure that is."""

from typing import Annotated, Literal

import msgspec

Identity = Literal["pinned", "hostname", "mismatch", "unknown"]


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Student and place of an event; a part that is unknown is null, never guessed."""

    course: str | None = None
    section: str | None = None
    student: str | None = None
    assignment: str | None = None
    """Name of the assignment folder, such as `hw1`."""
    workspace: str | None = None
    """Name of the workspace folder, `<course>-<section>-<student>`."""
    container_id: str | None = None
    pod_uid: str | None = None
    pod_name: str | None = None
    pod_owner: str | None = None
    """`Kind/name` of the pod's controller: tells a student's IDE from a job that runs in the same name."""
    pod_labels: Annotated[dict[str, str], msgspec.Meta(max_length=16)] | None = None
    """Those that the operator named (`--pod-label`), such as a lab group; none unless named."""
    identity: Identity = "unknown"
    """How the student is known: `pinned` to the container at first sight, by `hostname` only, `mismatch`
    where the two differ, else `unknown`."""
