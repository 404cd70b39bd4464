"""Arguments and paths come as the process has them, whatever they are and wherever it stands."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Watch

pytestmark = pytest.mark.kernel


def run(watch: "Watch", command: list[str | bytes], cwd: Path | str = "/", **options: int) -> Executed:
    """Give the last program that the command executed."""
    with watch(**options) as recorder:
        subprocess.run(command, check=True, cwd=cwd)
        recorder.catch_up()
    return recorder.executed[-1]


def test_arguments_may_be_empty_broken_into_lines_or_not_text(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    odd = [b"", b"two\nlines", b"\xff\xfe", "한글".encode(), b"", b""]
    seen = run(watch, [programs, "in", hostname, "true", *odd])
    assert seen.argv == (b"true", *odd)
    assert not seen.argv_truncated
    assert seen.argv_bytes == sum(len(argument) + 1 for argument in seen.argv)
    assert (seen.exe, seen.comm) == (b"/usr/bin/true", b"true")


def test_longer_arguments_are_cut_and_it_is_said(programs: str, hostname: str, watch: "Watch") -> None:
    whole = [b"true", *(b"%05d" % number for number in range(2_000))]
    seen = run(watch, [programs, "in", hostname, *whole])
    assert seen.argv_truncated
    assert seen.argv_bytes == sum(len(argument) + 1 for argument in whole)
    assert b"\0".join(seen.argv) == b"\0".join(whole)[:4096]


def test_the_limit_of_arguments_can_be_set(programs: str, hostname: str, watch: "Watch") -> None:
    seen = run(watch, [programs, "in", hostname, "true", b"x" * 100_000], argv_bytes_max=16_384)
    assert b"\0".join(seen.argv) == b"true\0" + b"x" * (16_384 - 5)
    assert (seen.argv_truncated, seen.argv_bytes) == (True, 100_006)


def test_a_script_shows_itself_and_its_interpreter(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\nexit 0\n")
    script.chmod(0o755)
    seen = run(watch, [programs, "in", hostname, str(script), "argument"])
    assert seen.filename == bytes(script)
    assert seen.exe == bytes(Path("/bin/sh").resolve())
    assert seen.argv == (b"/bin/sh", bytes(script), b"argument")


def test_deep_folders_are_told_in_full(programs: str, hostname: str, watch: "Watch", tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["f" * 60 + str(level) for level in range(55)])
    deep.mkdir(parents=True)
    assert run(watch, [programs, "in", hostname, "true"], cwd=deep).cwd == bytes(deep)


def test_a_path_that_is_too_deep_says_that_its_beginning_is_missing(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    deep = tmp_path.joinpath(*[str(level) for level in range(200)])
    deep.mkdir(parents=True)
    seen = run(watch, [programs, "in", hostname, "true"], cwd=deep).cwd
    assert seen.startswith(b".../")
    assert bytes(deep).endswith(seen[3:])


def test_paths_are_those_below_the_process_own_root_across_mounts(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    root, data = tmp_path / "root", tmp_path / "data"
    for folder in (root / "bin", root / "desk", data / "hw1"):
        folder.mkdir(parents=True)
    (root / "bin/programs").write_bytes(Path(programs).read_bytes())
    (root / "bin/programs").chmod(0o755)
    mount = f"mount --bind {data} {root}/desk"
    enter = f"exec chroot {root} /bin/programs at /desk/hw1 ../../bin/programs exit 0"
    seen = run(watch, [programs, "in", hostname, "unshare", "--mount", "sh", "-c", f"{mount} && {enter}"])
    assert (seen.exe, seen.cwd) == (b"/bin/programs", b"/desk/hw1")
    assert seen.filename == b"../../bin/programs"


def test_a_folder_outside_the_process_own_root_is_said_to_be_unreachable(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    (tmp_path / "programs").write_bytes(Path(programs).read_bytes())
    (tmp_path / "programs").chmod(0o755)
    # chroot() alone leaves the working folder where it was.
    stay = f"import os; os.chdir('/usr'); os.chroot({str(tmp_path)!r})"
    execute = "os.execv('/programs', ['programs', 'exit', '0'])"
    seen = run(watch, [programs, "in", hostname, sys.executable, "-c", f"{stay}; {execute}"])
    assert (seen.exe, seen.cwd) == (b"/programs", b"(unreachable)/usr")


def test_pids_inside_a_pid_namespace_are_told_beside_those_outside(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    seen = run(
        watch, [programs, "in", hostname, "unshare", "--pid", "--fork", "--setgid=12", "--setuid=34", "true"]
    )
    assert (seen.namespace_pid, seen.uid, seen.gid) == (1, 34, 12)
    assert seen.pid > 1
