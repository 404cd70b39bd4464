"""What is a source file, and which folders never hold a student's own. Paths are relative to a root."""

from posixpath import basename, splitext

from jcode_watcher.agent.placing.places import is_assignment, workspace_of

SUFFIXES = frozenset(
    {b".c", b".h", b".cpp", b".hpp", b".cc", b".cxx", b".hh", b".hxx", b".py", b".ipynb"},
)
FOREIGN_NAMES = (b".#", b"._")
"""Beginnings of names that editors and archives make: Emacs's locks, macOS's resource forks."""
FOREIGN_FOLDERS = frozenset({b"env", b"venv", b"site-packages", b"node_modules", b"__pycache__"})
"""Folders full of other people's sources. Hidden ones (`.venv`, `.git`) go by their dot."""


def wants(path: bytes) -> bool:
    """Tell whether a file is a source file of an assignment: its versions are kept."""
    name = basename(path)
    if splitext(name)[1].lower() not in SUFFIXES or name.startswith(FOREIGN_NAMES):
        return False
    folders = path.split(b"/")[:-1]
    return len(folders) > 1 and not prunes(b"/".join(folders))


def prunes(folder: bytes) -> bool:
    """Tell whether a folder lies outside every assignment or holds nothing of the student's own."""
    workspace, *inner = folder.split(b"/")
    if workspace_of(workspace) is None:
        return True
    if not inner:
        return False
    return not is_assignment(inner[0]) or is_foreign(inner[1:])


def is_foreign(folders: list[bytes]) -> bool:
    """Tell whether a folder below an assignment, given by its parts, holds other people's sources.

    A student's own `lib/` is the student's; `lib/python3.12/` is an environment's.
    """
    return any(
        part in FOREIGN_FOLDERS or part.startswith(b".") or (part.startswith(b"python") and before == b"lib")
        for before, part in zip([b"", *folders], folders, strict=False)
    )
