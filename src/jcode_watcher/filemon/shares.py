"""How much of each workspace is told: what one student does without end must not make the others wait."""

from typing import Final

SHARE_MAX: Final = 100_000
"""What a workspace, a folder below the root, may have told at once."""
SHARE_PER_SECOND: Final = 2_000
"""And for long."""
SHARE_MAX_BEHIND: Final = 20_000
"""At once, where others wait already."""
VERSION_COST: Final = 1
"""And as much again for each further CONTENT_BYTES of it, as they have to be kept and sent."""
CONTENT_BYTES: Final = 1_024
NAME_COST: Final = 10
"""Of a deletion or a move: one rename of a folder brings one for each file in it."""
DOUBT_COST: Final = 3
"""Of reading a file while its writer is at it: that is tried several times."""
LOOK_COST: Final = 1
"""Of a step of entries of a folder that came in: they are looked at, whether they are wanted or not."""
EMPTY_SECONDS_MAX: Final = SHARE_MAX / SHARE_PER_SECOND + 1.0
"""Until a share is full again: one rename, of however many files, is paid back a second later."""
WORKSPACES_MAX: Final = 20_000


class Shares:
    """A bucket for each workspace, which fills with time. No clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        """The moment of what is charged next."""
        self.behind = False
        """Whether what happens is followed late, so that others wait."""
        self.overdrawn: set[bytes] = set()
        """Names of workspaces that were found to have nothing left, at some time."""
        self._full_at: dict[bytes, float] = {}
        """When a workspace has its whole share again, if nothing is taken from it."""

    def charge(self, path: bytes, cost: int) -> None:
        """Take from the share of the workspace in which a path lies."""
        name, below, _ = path.partition(b"/")
        workspace, now = (name if below else b""), self.now
        full_at = self._full_at.get(workspace, 0.0)
        full_at = max(full_at, now) + cost / SHARE_PER_SECOND
        if full_at - now > self._seconds_max:
            full_at = min(full_at, now + EMPTY_SECONDS_MAX)
            self.overdrawn.add(workspace)
        if len(self._full_at) >= WORKSPACES_MAX:
            self._full_at.clear()
        self._full_at[workspace] = full_at

    def forgive(self) -> None:
        """Forget one workspace that was overdrawn and is not any more: nobody may ever ask about it again."""
        name = next(iter(self.overdrawn), None)
        if name is not None and self.left(name) >= 0:
            self.overdrawn.remove(name)

    def left(self, workspace: bytes) -> float:
        """Give what a workspace has left by now; less than nothing where it is in debt."""
        full_at = max(self._full_at.get(workspace, 0.0), self.now)
        return (self._seconds_max - (full_at - self.now)) * SHARE_PER_SECOND

    @property
    def _seconds_max(self) -> float:
        """How long it may take at most until a share is full again; less while others wait."""
        return (SHARE_MAX_BEHIND if self.behind else SHARE_MAX) / SHARE_PER_SECOND
