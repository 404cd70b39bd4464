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
DEBT_MAX: Final = SHARE_PER_SECOND
"""So that one rename, of however many files, is paid back a second later."""
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
        self._left: dict[bytes, tuple[float, float]] = {}
        """What a workspace had left, and when."""

    def charge(self, path: bytes, cost: int) -> None:
        """Take from the share of the workspace in which a path lies."""
        workspace = workspace_of(path)
        left = max(self._filled(workspace) - cost, -DEBT_MAX)
        if len(self._left) >= WORKSPACES_MAX:
            self._left.clear()
        self._left[workspace] = (left, self.now)
        if left < self._spared:
            self.overdrawn.add(workspace)

    def left(self, workspace: bytes) -> float:
        """Give what a workspace has left by now; less than nothing where it is in debt."""
        return self._filled(workspace) - self._spared

    @property
    def _spared(self) -> int:
        """What nobody may use while others wait."""
        return SHARE_MAX - SHARE_MAX_BEHIND if self.behind else 0

    def _filled(self, workspace: bytes) -> float:
        left, at = self._left.get(workspace, (SHARE_MAX, self.now))
        return min(SHARE_MAX, left + (self.now - at) * SHARE_PER_SECOND)


def version_cost(content: bytes | None) -> int:
    """Give what a version takes of a share."""
    return VERSION_COST + len(content or b"") // CONTENT_BYTES


def workspace_of(path: bytes) -> bytes:
    """Give the name of the folder below the root in which a path lies: a student's. Empty for the root."""
    name, below, _ = path.partition(b"/")
    return name if below else b""
