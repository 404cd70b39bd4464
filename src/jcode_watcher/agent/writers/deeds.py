"""Something that was done to a file, by which its writer can be named."""

from typing import NamedTuple

from jcode_watcher.agent.placing.places import Workspace

HEARD_NS_MAX = 1_000_000_000
"""How long after it happened to a file something may be heard of; with time to run, a millisecond or two."""


class Deed(NamedTuple):
    """Who did it, when that was heard of, and to whom."""

    pid: int
    """0 where nobody can know."""
    time_ns: int
    owner: Workspace
    """Whose workspace the file is in."""

    @property
    def since_ns(self) -> int:
        """The earliest that it may have happened."""
        return self.time_ns - HEARD_NS_MAX
