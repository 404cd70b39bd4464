"""Names that are not wanted, of files that may have wanted ones as well, or get them by link(2)."""

from jcode_watcher.filemon.changes import CLOSED, CREATED, MODIFIED, Change

FILES_MAX = 1 << 12
"""Files that are remembered: less than 1 MB. Beyond, the one that was seen first is forgotten."""
FOLDERS_MAX = 8
"""Folders that are remembered of one file."""


class OtherNames:
    """Remembers in which folders files were lately seen under unwanted names, and which are complete."""

    def __init__(self, limit: int = FILES_MAX) -> None:
        self._limit = limit
        self._folders: dict[bytes, tuple[bytes, ...]] = {}
        self._complete: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._folders)

    def heard(self, change: Change) -> None:
        """Remember what happened to a file under a name that is not wanted."""
        if change.what & (CREATED | CLOSED):
            self.add(change.target, change.folder)
        if change.what & CLOSED:
            self.completed(change.target)
        elif change.what & MODIFIED:
            self._complete.discard(change.target)

    def add(self, key: bytes, folder: bytes) -> None:
        """Remember that a file bears an unwanted name in a folder, where there is room."""
        folders = self._folders.get(key, ())
        if folder in folders or len(folders) >= FOLDERS_MAX:
            return
        if not folders and len(self._folders) >= self._limit:
            first = next(iter(self._folders))
            del self._folders[first]
            self._complete.discard(first)
        self._folders[key] = (*folders, folder)

    def completed(self, key: bytes) -> None:
        """Note that a file, if it is remembered, is complete."""
        if key in self._folders:
            self._complete.add(key)

    def folders_of(self, key: bytes) -> tuple[bytes, ...]:
        """Give the keys of the folders in which a file was seen under an unwanted name."""
        return self._folders.get(key, ())

    def is_complete(self, key: bytes) -> bool:
        """Tell whether a file was last closed, and not written to since."""
        return key in self._complete
