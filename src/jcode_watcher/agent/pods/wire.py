"""The Kubernetes API's answers, read. Pure: bytes → pages and changes.

Asked for metadata only (`PartialObjectMetadata`), the API server leaves out what a pod consists of: its
environment and its secrets' names never reach the agent.
"""

from typing import Final, NamedTuple

import msgspec

from jcode_watcher.agent.pods.errors import Unusable
from jcode_watcher.agent.pods.pod import Metadata

GONE: Final = 410
ACCEPT_LIST: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
ACCEPT_WATCH: Final = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"


class ListMetadata(msgspec.Struct, rename="camel"):
    """Where a list stands."""

    resource_version: str = ""
    continue_: str = msgspec.field(default="", name="continue")


class Item(msgspec.Struct):
    """An object of a list."""

    metadata: Metadata


class Page(msgspec.Struct):
    """A part of a list."""

    metadata: ListMetadata
    items: list[Item] | None = None


class WatchedObject(msgspec.Struct):
    """A pod, or the Status that an ERROR carries."""

    metadata: Metadata = msgspec.field(default_factory=Metadata)
    code: int = 0
    message: str = ""


class WatchEvent(msgspec.Struct):
    """A line of a watch."""

    type: str
    object: WatchedObject


class Changed(NamedTuple):
    """A pod is there, or is otherwise than it was."""

    metadata: Metadata


class Deleted(NamedTuple):
    """A pod is gone."""

    metadata: Metadata


class Bookmarked(NamedTuple):
    """All until this version was told."""

    metadata: Metadata


class Failed(NamedTuple):
    """The server ends the watch."""

    code: int
    message: str


Change = Changed | Deleted | Bookmarked | Failed

PAGE: Final = msgspec.json.Decoder(Page)
EVENT: Final = msgspec.json.Decoder(WatchEvent)
KINDS: Final[dict[str, type[Changed | Deleted | Bookmarked]]] = {
    "ADDED": Changed,
    "MODIFIED": Changed,
    "DELETED": Deleted,
    "BOOKMARK": Bookmarked,
}


def page_in(body: bytes) -> Page:
    """Read a page of a list; Unusable where it is none."""
    try:
        page = PAGE.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unusable("bad_list", f"not a list of pods: {error}") from None
    if not page.metadata.resource_version:
        raise Unusable("bad_list", "a list without a resourceVersion cannot be watched on from")
    return page


def change_in(line: bytes) -> Change:
    """Read a line of a watch; Unusable where it is none."""
    try:
        event = EVENT.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unusable("bad_line", f"not a change of a pod: {error}") from None
    if event.type == "ERROR":
        return Failed(event.object.code, event.object.message)
    if event.type not in KINDS:
        raise Unusable("bad_line", f"not a change of a pod: type {event.type[:40]!r}")
    return KINDS[event.type](event.object.metadata)
