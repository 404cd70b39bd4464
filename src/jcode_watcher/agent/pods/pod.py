"""What is kept of a pod, and what of it is left behind. Pure."""

from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple

import msgspec

NAME_CHARACTERS_MAX: Final = 253
"""What the API server allows in a name; what is longer did not come from it."""
LABEL_CHARACTERS_MAX: Final = 63
"""What the API server allows in a label's value."""


class Pod(NamedTuple):
    """A pod of this node."""

    name: str
    owner: str | None = None
    """`Kind/name` of its controller, such as `ReplicaSet/jcode-os-1-2020-5d4f`."""
    labels: dict[str, str] | None = None
    """Those that the operator named, and no other; None where it has none of them."""


FindPod = Callable[[str], Pod | None]
"""Gives a pod by its UID, at once; None where it is not known."""


def no_pod(_: str) -> None:
    """Know no pod."""


class Owner(msgspec.Struct):
    """An entry of `ownerReferences`."""

    kind: str = ""
    name: str = ""
    controller: bool = False


class Metadata(msgspec.Struct, rename="camel"):
    """The part of an object's metadata that is looked at."""

    uid: str = ""
    name: str = ""
    resource_version: str = ""
    labels: dict[str, str] | None = None
    owner_references: Sequence[Owner] | None = None


def pod_in(metadata: Metadata, wanted_labels: Collection[str]) -> Pod | None:
    """Give the pod of some metadata; None where its name or UID cannot be one."""
    if not is_name(metadata.name) or not is_name(metadata.uid):
        return None
    return Pod(metadata.name, owner_in(metadata), labels_in(metadata, wanted_labels))


def owner_in(metadata: Metadata) -> str | None:
    """Give the one owner that controls the pod."""
    for owner in metadata.owner_references or ():
        if owner.controller and is_name(owner.kind) and is_name(owner.name):
            return f"{owner.kind}/{owner.name}"
    return None


def labels_in(metadata: Metadata, wanted: Collection[str]) -> dict[str, str] | None:
    """Give the labels that are wanted."""
    labels = metadata.labels or {}
    found = {key: labels[key] for key in wanted if key in labels and len(labels[key]) <= LABEL_CHARACTERS_MAX}
    return found or None


def is_name(text: str) -> bool:
    """Tell whether the API server could have given this name."""
    return 0 < len(text) <= NAME_CHARACTERS_MAX
