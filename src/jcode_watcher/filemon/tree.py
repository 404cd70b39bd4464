"""The folders below a root, and the wanted files in them, as the kernel's events tell of them: by key."""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jcode_watcher.filemon.facts import FileState


NOBODY = b""
"""The key of a name that no file bears for the moment."""


class Folder:
    """One folder; it keeps its key for ever, and its name and parent until it is moved."""

    __slots__ = ("_path", "files", "folders", "key", "name", "parent", "pruned")

    def __init__(self, parent: "Folder | None", name: bytes, key: bytes, *, pruned: bool) -> None:
        self.parent = parent
        self.name = name
        self.key = key
        self.pruned = pruned
        self.folders: dict[bytes, Folder] | None = None
        self.files: dict[bytes, File] | None = None
        self._path: bytes | None = b"" if parent is None else None

    @property
    def path(self) -> bytes:
        """Path below the root; empty for the root. Remembered, as it is asked for at every save."""
        if self._path is None:
            names = []
            folder = self
            while folder.parent is not None:
                names.append(folder.name)
                folder = folder.parent
            names.reverse()
            self._path = b"/".join(names)
        return self._path

    @property
    def workspace(self) -> "Folder":
        """The folder below the root that this one is, or lies in; the root for itself."""
        here = self
        while here.parent is not None and here.parent.parent is not None:
            here = here.parent
        return here

    def forget_path(self) -> None:
        """Remember the path no more: this folder, or one around it, has another place."""
        self._path = None

    def path_of(self, name: bytes) -> bytes:
        """Path below the root of what has this name in here."""
        path = self.path if self._path is None else self._path
        return path + b"/" + name if path else name


class File:
    """One name of a wanted file, and what was last kept of it."""

    __slots__ = (
        "folder",
        "key",
        "name",
        "saved_as",
        "saved_at",
        "state",
        "told_ns",
        "versions",
        "window_began",
    )

    def __init__(self, folder: Folder, name: bytes, key: bytes) -> None:
        self.folder = folder
        self.name = name
        self.key = key
        self.state: FileState | None = None
        """None until the first save is told of."""
        self.told_ns = 0
        """Wall time of what was last told of it, or of its coming to its path."""
        self.saved_as: bytes | None = None
        """Path at which a save was completed that is to be told first, where it has moved on since."""
        self.saved_at = -math.inf
        """When a save was last heard of."""
        self.versions = 0
        """Kept in the second that began then."""
        self.window_began = 0.0

    @property
    def path(self) -> bytes:
        """Path below the root."""
        return self.folder.path_of(self.name)


class NamesByKey(dict[bytes, tuple[File, ...]]):
    """Every known wanted name of a file, by its key: more than one where hard links were made."""

    def __missing__(self, key: bytes) -> tuple[File, ...]:
        return ()


class Tree:
    """Folders and wanted files by key and by name. A pruned folder is known, what lies in it is not."""

    def __init__(self, root_key: bytes, prunes: Callable[[bytes], bool]) -> None:
        self.root = Folder(None, b"", root_key, pruned=False)
        self.file_count = 0
        self._prunes = prunes
        self._folders = {root_key: self.root}
        self.folder: Callable[[bytes], Folder | None] = self._folders.get
        """Gives the folder with a key, if it is known. No method: it is asked at every save."""
        self.names = NamesByKey()
        self.unconfirmed: dict[bytes, FileState] = {}
        """What is known from before, by path, and was not come across yet."""

    def __len__(self) -> int:
        return len(self._folders)

    def forget_below(self, folder: Folder) -> None:
        """Forget all that lies in a folder, but not itself."""
        for inner in list((folder.folders or {}).values()):
            self.forget_folder(inner)
        for file in list((folder.files or {}).values()):
            self.forget_file(file)

    def holds(self, folder: Folder) -> bool:
        """Tell whether the folder is still part of the tree."""
        return self._folders.get(folder.key) is folder

    def add_folder(self, parent: Folder, name: bytes, key: bytes) -> Folder:
        """Add a folder that is not known yet."""
        folder = Folder(parent, name, key, pruned=self._prunes(parent.path_of(name)))
        self._folders[key] = folder
        self._hang(folder)
        return folder

    def move_folder(self, folder: Folder, parent: Folder, name: bytes) -> None:
        """Give a folder another place; what lies in it goes along."""
        self._unhang(folder)
        folder.parent = parent
        folder.name = name
        folder.forget_path()
        folder.pruned = self._prunes(parent.path_of(name))
        self._hang(folder)
        for inner in self.folders_under(folder):
            inner.forget_path()
            inner.pruned = self._prunes(inner.path)

    def swap_folders(self, one: Folder, other: Folder) -> None:
        """Let two folders, neither of them in the other, change places."""
        parent, name = one.parent, one.name
        if parent is None or other.parent is None:
            raise ValueError("the root has no place to change")
        self.move_folder(one, other.parent, other.name)
        self.move_folder(other, parent, name)

    def forget_folder(self, folder: Folder) -> None:
        """Forget a folder and all that lies in it."""
        for file in list(self.files_under(folder)):
            self.forget_file(file)
        for inner in (*self.folders_under(folder), folder):
            self._folders.pop(inner.key, None)
            # They know each other: what knows nothing any more is freed at once.
            inner.folders = inner.files = None
        self._unhang(folder)

    def folders_under(self, folder: Folder) -> Iterator[Folder]:
        """Give every folder below this one, from the top down."""
        stack = list((folder.folders or {}).values())
        while stack:
            inner = stack.pop()
            yield inner
            stack.extend((inner.folders or {}).values())

    def files_under(self, folder: Folder) -> Iterator[File]:
        """Give every wanted file in this folder and below."""
        yield from (folder.files or {}).values()
        for inner in self.folders_under(folder):
            yield from (inner.files or {}).values()

    def add_file(self, folder: Folder, name: bytes, key: bytes) -> File:
        """Add a wanted name that is not known yet."""
        file = File(folder, name, key)
        if folder.files is None:
            folder.files = {}
        folder.files[name] = file
        self._add_name(file)
        self.file_count += 1
        return file

    def rekey_file(self, file: File, key: bytes) -> None:
        """Another file has taken this name; NOBODY where none has yet."""
        if file.key != key:
            self._drop_name(file)
            file.key = key
            self._add_name(file)

    def move_file(self, file: File, folder: Folder, name: bytes) -> None:
        """Give a file another name, which must be free."""
        files = file.folder.files
        if files and files.get(file.name) is file:
            del files[file.name]
        file.folder = folder
        file.name = name
        if folder.files is None:
            folder.files = {}
        folder.files[name] = file

    def forget_file(self, file: File) -> None:
        """Forget a name."""
        files = file.folder.files
        if files and files.get(file.name) is file:
            del files[file.name]
            self._drop_name(file)
            self.file_count -= 1

    def file_by_path(self, path: bytes) -> File | None:
        """Give the file that is known at a path below the root."""
        *names, name = path.split(b"/")
        folder: Folder | None = self.root
        for step in names:
            folder = folder.folders.get(step) if folder and folder.folders else None
        return folder.files.get(name) if folder and folder.files else None

    def knows(self, path: bytes) -> bool:
        """Tell whether a file is known at a path below the root, come across or not."""
        return path in self.unconfirmed or self.file_by_path(path) is not None

    def _hang(self, folder: Folder) -> None:
        if folder.parent is not None:
            if folder.parent.folders is None:
                folder.parent.folders = {}
            folder.parent.folders[folder.name] = folder

    def _unhang(self, folder: Folder) -> None:
        # Another folder may have taken the name already, where the scan ran ahead of the events.
        siblings = folder.parent.folders if folder.parent is not None else None
        if siblings and siblings.get(folder.name) is folder:
            del siblings[folder.name]

    def _add_name(self, file: File) -> None:
        if file.key != NOBODY:
            self.names[file.key] = (*self.names[file.key], file)

    def _drop_name(self, file: File) -> None:
        others = tuple(f for f in self.names[file.key] if f is not file)
        if others:
            self.names[file.key] = others
        else:
            self.names.pop(file.key, None)
