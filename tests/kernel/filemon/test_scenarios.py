"""Real editors and tools at work, and what must be told and kept of it in each mode."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.kernel.filemon.conftest import Watched
from tests.kernel.filemon.promises import LOST_AT_MOST, NEEDED, Kind, act, broken, scenarios, told_by

from jcode_watcher.filemon import Mode
from jcode_watcher.filemon.mounts import filesystem_type

if TYPE_CHECKING:
    from collections.abc import Callable

MODES: dict[Mode, str] = {
    "handles": "new_watched",
    "descriptors": "new_watched_without_handles",
    "inotify": "new_watched",
    "rescan": "new_watched",
}
"""Which fixture gives the folders to watch in each mode."""
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


@pytest.mark.kernel
@pytest.mark.usefixtures("urgent")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("script", scenarios(), ids=lambda script: script.stem)
def test_what_a_real_tool_does_is_told_and_the_newest_versions_equal_the_disk(
    script: Path, mode: Mode, request: pytest.FixtureRequest
) -> None:
    new_watched: Callable[[], Watched] = request.getfixturevalue(MODES[mode])
    missing = [tool for tool in NEEDED.get(script.name, ()) if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    owed: dict[Kind, list[bytes]] = {}
    for _ in range(ATTEMPTS):
        owed = owed_after(script, new_watched(), mode)
        assert owed.keys() <= EXCUSED[mode]
        if not owed:
            return
    pytest.fail(f"not kept in {ATTEMPTS} attempts: {owed}")


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
