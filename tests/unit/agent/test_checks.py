"""What the agent refuses before it watches anything, and what it only warns of."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.disks import small_disk_at

from jcode_watcher.agent.checks import STATE_DISK_BYTES_MIN as MIN
from jcode_watcher.agent.checks import check, warn
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.settings import BadSetting

Check = Callable[..., list[str]]
WANTED: dict[str, Any] = {
    "server": "http://service",
    "token_file": Path("token"),
    "state": Path("state"),
    "root": (Path("ws"),),
}


@pytest.fixture
def checking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Checks settings whose paths are below a folder of its own; gives the warnings."""
    monkeypatch.chdir(tmp_path)
    for folder in ("ws/inner", "other", "state", "snapshots"):
        Path(folder).mkdir(parents=True)
    Path("link").symlink_to("ws")
    Path("token").write_text("secret\n")
    Path("file").touch()
    os.mkfifo("fifo")

    def begin(**changed: object) -> list[str]:
        paths = {name: Path(value) for name, value in changed.items() if isinstance(value, str)}
        roots = {name: tuple(map(Path, value)) for name, value in changed.items() if isinstance(value, tuple)}
        settings = {**WANTED, **changed, **paths, **roots}
        with structlog.testing.capture_logs() as told:
            check(AgentSettings(**settings))
            warn(AgentSettings(**settings))
        return [f"{line['event']}: {line.get('reason', '')}" for line in told]

    return begin


def test_folders_side_by_side_are_no_reason_for_a_word(checking: Check) -> None:
    assert checking(root=("ws", "other"), snapshots="snapshots") == []
    assert checking(state="state/made/later") == []
    # A name that only begins like another's is no folder in it.
    assert checking(state="ws-state") == []


def test_a_disk_too_small_for_the_spool_is_refused_with_both_sizes(checking: Check) -> None:
    with small_disk_at(Path("disk"), MIN - 4096), pytest.raises(BadSetting) as refused:
        checking(state="disk/not/yet")
    line = f"--state disk/not/yet: on a disk of {MIN - 4096} bytes; give one of {MIN} at least"
    assert str(refused.value) == line
    with small_disk_at(Path("disk"), MIN):
        assert checking(state="disk/not/yet") == []


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"state": "ws/state"}, "--state ws/state: lies in --root ws"),
        ({"state": "link/not/yet"}, "--state link/not/yet: lies in --root ws"),
        ({"state": "ws"}, "--root ws: the same folder as --state ws"),
        ({"state": "."}, "--root ws: lies in --state ."),
        ({"snapshots": "link/inner"}, "--snapshots link/inner: lies in --root ws"),
        ({"snapshots": "link"}, "--root ws: the same folder as --snapshots link"),
        ({"snapshots": "."}, "--root ws: lies in --snapshots ."),
        ({"snapshots": "state/tree"}, "--snapshots state/tree: lies in --state state"),
        ({"root": (), "snapshots": "."}, "--state state: lies in --snapshots ."),
        ({"root": ("ws", "link")}, "--root ws: the same folder as --root link"),
        ({"root": ("ws", "other/../ws")}, "--root ws: the same folder as --root other/../ws"),
        ({"root": ("ws/inner", "ws")}, "--root ws/inner: lies in --root ws"),
        ({"root": ("ws", "link/inner")}, "--root link/inner: lies in --root ws"),
    ],
)
def test_a_folder_in_another_is_refused_by_both_names(
    checking: Check, changed: dict[str, object], line: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        checking(**changed)
    assert str(refused.value).partition(";")[0] == line


@pytest.mark.parametrize("kind", ["file", "fifo", "/dev/null"])
@pytest.mark.parametrize("name", ["state", "snapshots", "root"])
def test_what_is_no_folder_is_refused_at_the_start(checking: Check, name: str, kind: str) -> None:
    with pytest.raises(BadSetting, match=f"^--{name} {kind}: no folder; give "):
        checking(**{name: (kind,) if name == "root" else kind})


def test_a_root_whose_name_is_too_long_is_refused(checking: Check) -> None:
    with pytest.raises(BadSetting, match=r"^--root x{200}…: file name too long; give the folder "):
        checking(root=("x" * 300,))


def test_a_folder_of_snapshots_that_may_come_later_is_warned_of(checking: Check) -> None:
    said = "nothing can be written into --snapshots yet"
    assert checking(snapshots="absent") == [f"{said}: no such file or directory"]
    # As nobody but the kernel writes there, not even root.
    assert checking(snapshots="/proc/sys") == [f"{said}: cannot be written"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.with_suffix(".other").touch(), "no such file or directory"),
        (os.mkfifo, "no regular file"),
        (Path.mkdir, "no regular file"),
        (Path.touch, "holds no token"),
        (lambda path: path.write_text("se cret"), "holds no token"),
        (lambda path: path.write_text("se\ncret"), "holds no token"),
        (lambda path: path.write_text("sécret"), "holds no token"),
        (lambda path: path.write_text("x" * 4097), "longer than 4096 bytes"),
    ],
)
def test_a_file_that_holds_no_token_is_refused_without_waiting_or_showing_it(
    checking: Check, make: Callable[[Path], object], said: str
) -> None:
    make(Path("bad"))
    with pytest.raises(BadSetting, match=f"^--token-file bad: {said}; give ") as refused:
        checking(token_file="bad")
    assert "cret" not in str(refused.value)


def test_to_watch_nothing_by_mistake_is_refused(checking: Check) -> None:
    with pytest.raises(
        BadSetting, match=r"^--root: missing, and without processes nothing is watched; give "
    ):
        checking(root=(), procmon=False)


def test_to_watch_less_than_may_be_meant_is_warned_of(checking: Check) -> None:
    assert checking(root=()) == ["no file is watched, as no --root is given: "]
    assert checking(filemon=False) == []
    assert checking(filemon=False, procmon=False) == ["nothing is watched, as both monitors are off: "]
