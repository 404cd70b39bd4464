"""What must be remembered of rings for longer than a process lives, so that each record is told once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from jcode_watcher.procmon.losses import NOTHING_TOLD


class Cut(NamedTuple):
    """Where a ring ends and the next one goes on; CLOCK_BOOTTIME.

    Both programs were attached for a while. What happened before `attaching_ns` only the older ring has; what
    happened after `attached_ns` the newer has for certain. In between the older has all, the newer a part.
    """

    attaching_ns: int
    attached_ns: int
    settled_ns: int
    """All that happened before `attached_ns` is in its ring by now; and until now the older one heard all."""


class Progress(NamedTuple):
    """How far a ring was told."""

    ring: str
    position: int = 0
    """Where its records begin that were not told."""
    told: Mapping[str, int] = NOTHING_TOLD
    """What was told of losses, by the facts' counter."""
    since_ns: int = 0
    """Wall time after which losses may not have been told."""
    cut: Cut | None = None
    """Where the next ring goes on; None of the latest."""


class Ledger(Protocol):
    """Knows each ring of which something is still to be told.

    Of a ring nothing is told before all of those before it: once anything of it is kept, those are done with.
    """

    def left(self) -> Sequence[Progress]:
        """Give the rings that are not done with, oldest first; none where not all that was read is known."""

    def begin(self, ring: str) -> None:
        """Remember from now on what is told of this ring, and forget the others."""

    def go_on(self) -> None:
        """Remember from now on what is told of the rings that are known, and of the latest without end."""

    def succeed(self, ring: str, cut: Cut) -> None:
        """Likewise, with one ring more, which tells what the latest known does not: from the cut on."""
