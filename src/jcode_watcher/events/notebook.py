"""What happens in notebooks."""

import msgspec

from jcode_watcher.events.process import Count


class CellExecuted(msgspec.Struct, frozen=True, kw_only=True):
    """A notebook cell was run."""

    path: str
    """The notebook, below the assignment folder."""
    succeeded: bool
    duration_us: Count = 0
