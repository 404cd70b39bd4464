"""The folder that is watched, and whether its path still leads to it: if not, silence says nothing."""

import os
from pathlib import Path

from jcode_watcher.filemon.errors import NoSuchRoot

LOOK_SECONDS = 5.0
"""Between two looks. Two in a row must fail, so that a folder may be away for a moment."""
PLACE = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC


def real_root(root: Path) -> bytes:
    """Give a folder's path as the kernel names it. NoSuchRoot if there is no folder."""
    try:
        real = root.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise NoSuchRoot(f"{root} does not exist; make the folder, or name the one to watch") from None
    except (OSError, RuntimeError) as e:
        raise NoSuchRoot(f"{root} cannot be reached: {e}") from None
    if not real.is_dir():
        raise NoSuchRoot(f"{root} is no folder; name the folder to watch")
    return bytes(real)


class Root:
    """Holds a folder open, so that nothing else is given its inode number, and looks at its path."""

    def __init__(self, path: bytes) -> None:
        """Open the folder. NoSuchRoot if it cannot be opened."""
        self.path = Path(os.fsdecode(path))
        self.due = 0.0
        """When to look next."""
        self._missed = False
        try:
            self._fd = os.open(path, PLACE)
        except OSError as e:
            raise NoSuchRoot(f"{self.path} cannot be opened: {e.strerror}") from None

    def look(self, now: float) -> None:
        """Look at the path where that is due. NoSuchRoot if it leads elsewhere for the second time."""
        if now < self.due:
            return
        self.due = now + LOOK_SECONDS
        missed_before, self._missed = self._missed, not self._is_in_place()
        if missed_before and self._missed:
            raise NoSuchRoot(
                f"{self.path} is not the folder any more that was watched: it was removed, "
                "renamed or mounted over; start anew to watch what is there now"
            )

    def close(self) -> None:
        """Let go of the folder."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _is_in_place(self) -> bool:
        try:
            there = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # The file system does not answer, so nobody can say.
        held = os.fstat(self._fd)
        return (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino)
