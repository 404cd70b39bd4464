"""Attempts to keep all that a script promises; run as a program, in a process of its own.

It takes a job a line, as JSON (a script, a mode, and a folder to make attempts in), and answers each in turn.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.kernel.filemon.places import making_watched, making_watched_without_handles
from tests.kernel.filemon.promises import LOST_AT_MOST, Kind, act, broken, told_by
from tests.kernel.filemon.watched import Watched

from jcode_watcher.filemon import Mode
from jcode_watcher.filemon.mounts import filesystem_type

Make = Callable[[Path], AbstractContextManager[Callable[[], Watched]]]
MODES: dict[Mode, Make] = {
    "handles": making_watched,
    "descriptors": making_watched_without_handles,
    "inotify": making_watched,
    "rescan": making_watched,
}
"""What makes the folders to watch in each mode."""
RESCAN_SECONDS = 0.3
NOT_PROMISED: dict[Mode, frozenset[Kind]] = {
    "handles": frozenset(),
    "descriptors": frozenset(),
    "inotify": frozenset(),
    # It sees what is there when it looks.
    "rescan": frozenset({"untold", "undeleted", "unmoved", "lost"}),
}
EXCUSED: dict[Mode, frozenset[Kind]] = {
    "handles": frozenset({"lost"}),
    # A file that was deleted and made anew before anybody looked is one file to whoever asks by name.
    "descriptors": frozenset({"lost", "untold", "undeleted"}),
    "inotify": frozenset({"lost", "untold", "undeleted"}),
    "rescan": frozenset(),
}
"""What a machine that stalls for longer than lies between two saves may cost, in one attempt or two."""
UNTOLD_AT_MOST_ON_NFS = {
    # What waits to be told keeps the file, and a deletion then gives it another name before its own is told.
    ("37_create_delete_instant.py", "descriptors"): 50,
}
ATTEMPTS = 3
URGENCY = -10
"""What is tested is not how a busy machine shares its time."""


def main() -> None:
    os.setpriority(os.PRIO_PROCESS, 0, min(os.getpriority(os.PRIO_PROCESS, 0), URGENCY))
    for line in sys.stdin:
        script, mode, folder = json.loads(line)
        print(json.dumps(answered(Path(script), mode, Path(folder))), flush=True)


def answered(script: Path, mode: Mode, folder: Path) -> dict[str, object]:
    """Give what is owed, or why nothing can be asked for here."""
    try:
        return {"owed": owed_at_last(script, mode, folder)}
    except pytest.skip.Exception as skipped:
        return {"skipped": str(skipped)}


def owed_at_last(script: Path, mode: Mode, folder: Path) -> dict[str, list[str]]:
    """Give what was not kept in the last attempt; the first is, unless it owes what may be excused."""
    if os.geteuid() != 0:
        pytest.skip("watching files by handle needs root")
    folder.mkdir()
    owed: dict[Kind, list[bytes]] = {}
    with MODES[mode](folder) as make:
        for _ in range(ATTEMPTS):
            owed = owed_after(script, make(), mode)
            if not owed or not owed.keys() <= EXCUSED[mode]:
                break
    return {kind: [repr(path) for path in paths] for kind, paths in owed.items()}


def owed_after(script: Path, watched: Watched, mode: Mode) -> dict[Kind, list[bytes]]:
    """Let a script act, and give what of its promises was not kept, as far as the mode makes them its own."""
    watched.start(mode=mode, rescan_seconds=RESCAN_SECONDS)
    promises = act(script, watched.root, watched.outside)
    told = told_by(watched.settle())
    on_disk = {path: sha for path, sha in watched.on_disk().items() if not path.startswith(b"settled-")}
    watched.stop()
    on_nfs = filesystem_type(bytes(watched.root)) == "nfs4"
    untold = UNTOLD_AT_MOST_ON_NFS.get((script.name, mode), 0) if on_nfs else 0
    spared = {"lost": LOST_AT_MOST.get(script.name, 0), "untold": untold, "undeleted": untold}
    return {
        kind: paths
        for kind, paths in broken(promises, told, on_disk).items()
        if kind not in NOT_PROMISED[mode] and len(paths) > spared.get(kind, 0)
    }


if __name__ == "__main__":
    main()
