"""Real editors and tools at work, and what must be told and kept of it."""

import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import Deleted, Moved, Saved

if TYPE_CHECKING:
    from tests.kernel.filemon.conftest import Watched

    from jcode_watcher.filemon import Mode

REPOSITORY = Path(__file__).parents[3]
SHARED = [folder / "shared" / "filewatch" / "scenarios" for folder in REPOSITORY.parents[:2]]
SCENARIOS = next((folder for folder in SHARED if folder.is_dir()), SHARED[0])
SCRIPTS = sorted(p for p in SCENARIOS.glob("[0-9]*_*") if p.suffix in (".sh", ".py"))
NEEDED = {
    "01_vim.sh": ("vim",),
    "02_vim_backup.sh": ("vim",),
    "03_nano.sh": ("nano", "expect"),
    "04_emacs.sh": ("emacs",),
    "06_git_checkout.sh": ("git",),
    "07_unzip.sh": ("zip", "unzip"),
}
LOST_AT_MOST = {
    "20_rename_over.py": 1,  # its first version is replaced within a tenth of a millisecond
    "36_quick_saves_1ms.py": 49,  # a millisecond apart: kept where they are read in time, the last always
    "37_create_delete_instant.py": 50,  # nobody can read a file that is deleted at once; its save is told
}


MODES = {"handles": "new_watched", "descriptors": "new_watched_on_overlay", "inotify": "new_watched"}
"""Which fixture gives the folders to watch in each mode."""
UNTOLD_AT_MOST = {
    # Without handles, a file that takes the inode number of one deleted within the same tick is taken for it.
    ("37_create_delete_instant.py", "descriptors"): 5,
}
ATTEMPTS = 3
"""The machine may stall for longer than lies between two saves; then nobody can have read the first."""


@pytest.mark.kernel
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_what_a_real_tool_does_is_told_and_the_newest_versions_equal_the_disk(
    script: Path, mode: "Mode", request: pytest.FixtureRequest
) -> None:
    new_watched: Callable[[], Watched] = request.getfixturevalue(MODES[mode])
    missing = [tool for tool in NEEDED.get(script.name, ()) if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    lost: list[tuple[bytes, bytes]] = []
    for _ in range(ATTEMPTS):
        watched = new_watched()
        watched.start(mode=mode)
        expected = run(script, watched.root, watched.outside)
        watched.settle()
        assert_all_but_quick_versions(expected, watched, UNTOLD_AT_MOST.get((script.name, mode), 0))
        lost = list(lost_versions(expected, watched))
        watched.stop()
        if len(lost) <= LOST_AT_MOST.get(script.name, 0):
            return
    pytest.fail(f"versions lost: {lost}")


def assert_all_but_quick_versions(
    expected: list[list[bytes]], watched: "Watched", untold_at_most: int
) -> None:
    saves = Counter(f.path for f in watched.facts if isinstance(f, Saved))
    untold = {line[1] for line in expected if line[0] == b"V"} - saves.keys()
    assert len(untold) <= untold_at_most, f"saves that were not told at all: {untold}"
    deleted = Counter(f.path for f in watched.facts if isinstance(f, Deleted))
    assert len(Counter(line[1] for line in expected if line[0] == b"D") - deleted) <= untold_at_most
    moves = {(f.path, f.destination) for f in watched.facts if isinstance(f, Moved)}
    for source, destination in (line[1:] for line in expected if line[0] == b"M"):
        assert any(a.startswith(source) and b == destination + a.removeprefix(source) for a, b in moves)
    assert list(forbidden_versions(expected, watched)) == []
    assert watched.kept() == watched.on_disk()


def run(script: Path, root: Path, outside: Path) -> list[list[bytes]]:
    program = sys.executable if script.suffix == ".py" else "bash"
    done = subprocess.run(
        [program, script, root, outside],
        cwd=root,
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"HOME": str(outside), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return [line.split(b"\t") for line in done.stdout.splitlines()]


def lost_versions(expected: list[list[bytes]], watched: "Watched") -> Iterator[tuple[bytes, bytes]]:
    """Give every promised version that was not told, or not in its order."""
    told: defaultdict[bytes, list[str | None]] = defaultdict(list)
    for fact in watched.facts:
        if isinstance(fact, Saved):
            told[fact.path].append(fact.sha256)
    places: Counter[bytes] = Counter()
    for _, path, sha256 in (line for line in expected if line[0] == b"V"):
        try:
            # The same version may be promised again where a script lists all files a second time.
            places[path] = told[path].index(sha256.decode(), places[path])
        except ValueError:
            yield path, sha256


def forbidden_versions(expected: list[list[bytes]], watched: "Watched") -> Iterator[Saved]:
    """Give what was kept of a path that must not be kept, but for versions that were promised before."""
    promised = {(line[1], line[2].decode()) for line in expected if line[0] == b"V"}
    never = {line[1] for line in expected if line[0] == b"N"}
    for fact in watched.facts:
        if not isinstance(fact, Saved) or fact.path not in never or fact.content is None:
            continue
        if (fact.path, fact.sha256) not in promised:
            yield fact
