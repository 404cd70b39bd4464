"""What a scenario promises, and which of it a watcher has not kept.

A scenario is a script that is given a WORKSPACE and a folder OUTSIDE it, works there as real programs do, and
prints, tab-separated: `V path sha256` a version that must be kept; `D path` a path that is deleted;
`M from to` a move; `N path` what must never be kept, but for versions promised before. In the end the newest
version kept of each path must be what is on the disk.
"""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from jcode_watcher.filemon import Deleted, Fact, Missed, Moved, Saved

REPOSITORY = Path(__file__).parents[3]
OWN = Path(__file__).with_name("scenarios")
SHARED = [folder / "shared" / "filewatch" / "scenarios" for folder in REPOSITORY.parents[:2]]
LIBRARIES = ("lib", "promises")
NEEDED = {
    "01_vim.sh": ("vim",),
    "02_vim_backup.sh": ("vim",),
    "03_nano.sh": ("nano", "expect"),
    "04_emacs.sh": ("emacs",),
    "06_git_checkout.sh": ("git",),
    "07_unzip.sh": ("zip", "unzip"),
    "builds.sh": ("make", "gcc"),
    "checked_out_anew.sh": ("git",),
    "cpio_and_links.sh": ("cpio", "tar"),
    "emacs_backups.sh": ("emacs",),
    "git_everyday.sh": ("git",),
    "git_kinds_and_modules.sh": ("git",),
    "git_merge_conflict.sh": ("git",),
    "git_rebase.sh": ("git",),
    "git_stash.sh": ("git",),
    "git_worktree.sh": ("git",),
    "line_editors.sh": ("ed", "patch", "perl"),
    "nano_backups.sh": ("nano", "expect"),
    "rsync_atomic.sh": ("rsync",),
    "rsync_inplace.sh": ("rsync",),
    "rsync_link_dest.sh": ("rsync",),
    "unzip_over.sh": ("zip", "unzip"),
    "vim_backupcopy.sh": ("vim",),
    "vim_session.sh": ("vim",),
}
LOST_AT_MOST = {
    "20_rename_over.py": 1,  # its first version is replaced within a tenth of a millisecond
    "36_quick_saves_1ms.py": 49,  # a millisecond apart: kept where they are read in time, the last always
    "37_create_delete_instant.py": 50,  # nobody can read a file that is deleted at once; its save is told
}
"""Versions that nobody can be asked to keep."""
Kind = Literal["untold", "undeleted", "unmoved", "forbidden", "stale", "lost"]


class Told(NamedTuple):
    """Something that a watcher has told of a path below the workspace."""

    what: Literal["saved", "deleted", "moved"]
    path: bytes
    sha256: str | None
    """None where nothing was kept."""
    destination: bytes = b""


class Promise(NamedTuple):
    """One line of a script."""

    letter: str
    path: bytes
    more: bytes


def scenarios() -> list[Path]:
    """Give all scripts: those kept beside the repository, where there are any, and its own."""
    folders = [*islice((folder for folder in SHARED if folder.is_dir()), 1), OWN]
    return [
        script
        for folder in folders
        for script in sorted(folder.iterdir())
        if script.suffix in (".sh", ".py") and script.stem not in LIBRARIES
    ]


def act(script: Path, workspace: Path, outside: Path) -> list[Promise]:
    """Run a script to its end, and give what it promises."""
    done = subprocess.run(
        [*command_of(script), workspace, outside],
        cwd=workspace,
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"HOME": str(outside), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return promised(done.stdout)


def command_of(script: Path) -> list[str]:
    """Run a script with the priority that others have, however urgent this process is."""
    urgency = -os.getpriority(os.PRIO_PROCESS, 0)
    program = sys.executable if script.suffix == ".py" else "bash"
    return ["nice", "-n", str(max(0, urgency)), program, str(script)]


def promised(printed: bytes) -> list[Promise]:
    """Give what a script has printed as promises; a line that begins with `#` is none."""
    lines = [line.split(b"\t") for line in printed.splitlines() if not line.startswith(b"#")]
    return [Promise(letter.decode(), path, b"".join(more)) for letter, path, *more in lines]


def told_by(facts: Sequence[Fact]) -> list[Told]:
    """Give what a file monitor's facts tell."""
    told: list[Told] = []
    for fact in facts:
        match fact:
            case Saved():
                told.append(Told("saved", fact.path, fact.sha256))
            case Deleted():
                told.append(Told("deleted", fact.path, None))
            case Moved():
                told.append(Told("moved", fact.path, fact.state.sha256, fact.destination))
            case Missed():
                pass
    return told


def newest(told: Sequence[Told]) -> dict[bytes, str | None]:
    """Give the newest kept version of each path, as a receiver works it out from what was told alone."""
    kept: dict[bytes, str | None] = {}
    for fact in told:
        if fact.what != "saved":
            kept.pop(fact.path, None)
        if fact.what != "deleted":
            kept[fact.destination or fact.path] = fact.sha256
    return kept


def broken(
    promises: Sequence[Promise], told: Sequence[Told], on_disk: Mapping[bytes, str | None]
) -> dict[Kind, list[bytes]]:
    """Give what was promised and not kept, by its kind; nothing where all is right."""
    saved = {fact.destination or fact.path for fact in told if fact.what != "deleted"}
    deletions = Counter(fact.path for fact in told if fact.what == "deleted")
    kept = newest(told)
    found: dict[Kind, list[bytes]] = {
        "untold": [p.path for p in promises if p.letter == "V" and p.path not in saved],
        "undeleted": [*(Counter(p.path for p in promises if p.letter == "D") - deletions)],
        "unmoved": [p.path for p in promises if p.letter == "M" and not _was_moved(p, told)],
        "forbidden": list(_forbidden(promises, told)),
        "stale": [path for path in kept.keys() | on_disk.keys() if kept.get(path) != on_disk.get(path)],
        "lost": list(_lost(promises, told)),
    }
    return {kind: paths for kind, paths in found.items() if paths}


def _was_moved(promise: Promise, told: Sequence[Told]) -> bool:
    return any(
        fact.what == "moved"
        and fact.path.startswith(promise.path)
        and fact.destination == promise.more + fact.path.removeprefix(promise.path)
        for fact in told
    )


def _lost(promises: Sequence[Promise], told: Sequence[Told]) -> Iterator[bytes]:
    """Give the path of every promised version that was not told, or not in its order."""
    versions: defaultdict[bytes, list[str | None]] = defaultdict(list)
    for fact in told:
        if fact.what != "deleted":  # What is moved here is kept here.
            versions[fact.destination or fact.path].append(fact.sha256)
    places: Counter[bytes] = Counter()
    for promise in promises:
        if promise.letter == "V":
            try:
                # The same version may be promised again where a script lists all files a second time.
                found = versions[promise.path].index(promise.more.decode(), places[promise.path])
            except ValueError:
                yield promise.path
            else:
                places[promise.path] = found


def _forbidden(promises: Sequence[Promise], told: Sequence[Told]) -> Iterator[bytes]:
    """Give each path of which something was kept that must not be."""
    allowed = {(p.path, p.more.decode()) for p in promises if p.letter == "V"}
    never = {p.path for p in promises if p.letter == "N"}
    for fact in told:
        path = fact.destination or fact.path
        if path in never and fact.sha256 is not None and (path, fact.sha256) not in allowed:
            yield path
