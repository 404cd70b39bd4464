"""Only one process may open the embedded store."""

import fcntl
import os
from pathlib import Path

from jcode_watcher.analytics.errors import CannotServe


class Lock:
    """Holds `DIR/lock` until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """CannotServe if another process holds it, or the folder cannot be written."""
        path = folder / "lock"
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotServe(
                f"--data {folder}: {error.strerror}; give a folder that can be written"
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise CannotServe(
                f"--data {folder}: another process serves it; stop that one or give another folder"
            ) from None

    def release(self) -> None:
        """Let another process have it."""
        os.close(self._file)
