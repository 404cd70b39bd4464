"""What happens to source files."""

from typing import Annotated, Literal

import msgspec

from jcode_watcher.events.process import Count
from jcode_watcher.events.subject import Identity

Role = Literal[
    "editor",
    "compiler",
    "version_control",
    "archive",
    "copy",
    "shell",
    "interpreter",
    "notebook",
    "other",
    "unknown",
]
Whose = Literal["owner", "another", "machine", "unknown"]
How = Literal["closed", "renamed_over", "moved_in", "linked", "exchanged", "held_open", "rescan"]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Which program did it; `role` is `unknown` where the process record does not tell."""

    pid: Count = 0
    comm: str = ""
    exe: str = ""
    argv: tuple[str, ...] = ()
    container_id: str | None = None
    student: str | None = None
    """Only where it is another student than the workspace's owner."""
    role: Role = "unknown"
    whose: Whose = "unknown"
    """From whose container: the workspace's `owner`'s, `another` student's, no student's (`machine`: root on
    the node, a runtime), or `unknown`. A teacher has to see what a student did not do."""
    identity: Identity = "unknown"
    """How the container's student is known, as in a subject; `mismatch`: it claims to be somebody else's."""


class FileSaved(msgspec.Struct, frozen=True, kw_only=True):
    """A save of a source file was completed: one version."""

    path: str
    """Below the assignment folder."""
    size: Count
    """In bytes; the true size also where the content was not read."""
    sha256: Sha256 | None = None
    """Null where the content was not read; `omitted` says why."""
    content: str | None = None
    """As `encoding` says; null where `omitted` says why."""
    encoding: Literal["utf-8", "base64"] = "utf-8"
    omitted: str | None = None
    """Why `content` is absent: `unchanged` (equal to the previous version), `moved` (sent under another
    path), `dropped` (of a version that found no room in the spool), `too_large`, `gone`, ..."""
    how: How
    writer: Writer = Writer()
    previous_sha256: Sha256 | None = None


class FileDeleted(msgspec.Struct, frozen=True, kw_only=True):
    """A source file is gone from its path."""

    path: str
    how: Literal["deleted", "moved_out", "rescan"] = "deleted"
    writer: Writer = Writer()
    previous_sha256: Sha256 | None = None


class FileMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A source file has another path within the same assignment; its content is the same."""

    path: str
    destination: str
    writer: Writer = Writer()
    sha256: Sha256 | None = None
