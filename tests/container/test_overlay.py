"""A student's workspace on overlayfs, watched from outside the container in mode `descriptors`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.kernel.filemon.attempts import ATTEMPTS, EXCUSED
from tests.kernel.filemon.conftest import urgent  # noqa: F401 - a fixture
from tests.kernel.filemon.promises import (
    LOST_AT_MOST,
    NEEDED,
    REPOSITORY,
    SHARED,
    Kind,
    broken,
    command_of,
    promised,
    scenarios,
    told_by,
)
from tests.kernel.filemon.watched import Watched

from jcode_watcher.filemon.monitor import open_watch
from jcode_watcher.filemon.ports import Pauses

pytestmark = [pytest.mark.container, pytest.mark.timeout(300), pytest.mark.usefixtures("urgent")]
FOLDER = Path("/home/coder/project")
NEEDS_PRIVILEGES = {
    "33_sparse_fifo_dev.py",
    "another_root.py",
    "between_mounts.sh",
    "mount_namespace.sh",
    "mounted_over.sh",
    "one_name_many_kinds.py",
}
"""They mount, or make devices; a student's container may not."""
SCRIPTS = [script for script in scenarios() if script.name not in NEEDS_PRIVILEGES]
ON_A_MOUNTED_OVERLAY = (
    "cp_and_install",
    "git_everyday",
    "renames",
    "safe_writes",
    "tar_over",
    "unusual_writes",
)
TEMPLATE = "int template;\n"


class Student(NamedTuple):
    """A container that runs, and where the folder of its work lies for whoever looks from the node."""

    podman: Any
    container: str
    inside: Path
    outside: Path

    def does(self, *command: str) -> bytes:
        """Run a command in the container, and give what it printed."""
        done = subprocess.run(
            [
                "podman",
                "exec",
                "--env=HOME=/tmp",
                "--env=PYTHONDONTWRITEBYTECODE=1",
                self.container,
                *command,
            ],
            env=self.podman.environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout


def started(podman: Any, *options: str) -> str:
    shared = {str(REPOSITORY), sys.prefix, sys.base_prefix, *(str(f) for f in SHARED if f.is_dir())}
    volumes = [f"--volume={path}:{path}:ro" for path in sorted(shared - {"/usr", "/"})]
    container: str = podman.start(
        "--network=none", *volumes, *options, "--rootfs", "/:O", "sleep", "infinity"
    )
    return container


def seen_from_the_node(podman: Any, container: str) -> Path:
    """Give where the node has mounted the container's root: the mount of the same device."""
    pid = podman("inspect", "--format", "{{.State.Pid}}", container).strip()
    device = Path(f"/proc/{pid}/root").stat().st_dev
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return next(Path(m[4]) for m in mounts if m[2:4] == [f"{os.major(device)}:{os.minor(device)}", "/"])


@pytest.fixture(scope="module")
def own_layer(podman: Any) -> Iterator[Student]:
    """The workspace is no volume: it lies in the layer that is the container's own, and ends with it."""
    container = started(podman)
    root = seen_from_the_node(podman, container)
    student = Student(podman, container, FOLDER, root / FOLDER.relative_to("/"))
    student.does("mkdir", "-p", str(FOLDER))
    yield student
    podman("rm", "--force", "--time", "0", container)


@pytest.fixture(scope="module")
def mounted_overlay(podman: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Student]:
    """The node lays each student's own files over the course's, and gives the merged folder as a volume."""
    place = tmp_path_factory.mktemp("overlay")
    course, own, work, merged = (place / name for name in ("course", "own", "work", "merged"))
    for folder in (course / "hw1", own, work, merged):
        folder.mkdir(parents=True)
    for name in ("edited.c", "replaced.c", "renamed.c", "deleted.c", "left.c"):
        (course / "hw1" / name).write_text(TEMPLATE)
    layers = f"lowerdir={course},upperdir={own},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "student", "-o", layers, merged], check=True)
    container = started(podman, f"--volume={merged}:{FOLDER}")
    yield Student(podman, container, FOLDER, merged)
    podman("rm", "--force", "--time", "0", container)
    subprocess.run(["umount", "--lazy", merged], check=True)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_what_is_done_in_a_containers_own_layer_is_told(script: Path, own_layer: Student) -> None:
    assert_right(script, own_layer)


@pytest.mark.parametrize(
    "script", [s for s in SCRIPTS if s.stem in ON_A_MOUNTED_OVERLAY], ids=lambda script: script.stem
)
def test_what_is_done_on_an_overlay_of_the_nodes_is_told(script: Path, mounted_overlay: Student) -> None:
    assert_right(script, mounted_overlay)


def test_the_mode_is_found_by_itself(own_layer: Student, mounted_overlay: Student) -> None:
    for student in (own_layer, mounted_overlay):
        mode, watch, _ = open_watch(student.outside, "auto", Pauses(10.0, 3600.0))
        watch.close()
        assert mode == "descriptors"


def test_the_files_of_the_course_are_told_once_and_then_as_the_student_changes_them(
    mounted_overlay: Student,
) -> None:
    watched = Watched(mounted_overlay.outside / "hw1", mounted_overlay.outside)
    watched.start(mode="descriptors")
    watched.settle()
    assert sorted(watched.told()) == sorted(
        f"rescan {name}.c {TEMPLATE.encode()!r}"
        for name in ("deleted", "edited", "left", "renamed", "replaced")
    )
    watched.facts.clear()
    mounted_overlay.does(
        *("sh", "-c"),
        f"cd {FOLDER}/hw1 && echo 'int more;' >> edited.c && sleep 0.2 && mv renamed.c new.c && sleep 0.2"
        " && echo 'int whole;' > .new && mv .new replaced.c && rm deleted.c && chmod 600 left.c",
    )
    watched.settle()
    assert watched.told() == [
        f"closed edited.c {(TEMPLATE + 'int more;').encode() + bytes([10])!r}",
        "moved renamed.c new.c",
        "renamed_over replaced.c b'int whole;\\n'",
        "deleted deleted.c",
    ]
    watched.stop()


_runs = count()


def assert_right(script: Path, student: Student) -> None:
    missing = [tool for tool in NEEDED.get(script.name, ()) if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    owed: dict[Kind, list[bytes]] = {}
    for _ in range(ATTEMPTS):
        owed = owed_after(script, student)
        assert owed.keys() <= EXCUSED["descriptors"]
        if not owed:
            return
    pytest.fail(f"not kept in {ATTEMPTS} attempts: {owed}")


def owed_after(script: Path, student: Student) -> dict[Kind, list[bytes]]:
    names = [f"{part}-{next(_runs)}" for part in ("root", "outside")]
    student.does("mkdir", *(str(student.inside / name) for name in names))
    watched = Watched(*(student.outside / name for name in names))
    watched.start(mode="descriptors")
    workspace, outside = (str(student.inside / name) for name in names)
    printed = student.does("env", f"--chdir={workspace}", *command_of(script), workspace, outside)
    owed = broken(promised(printed), told_by(watched.settle()), watched.on_disk())
    watched.stop()
    spared = {"lost": LOST_AT_MOST.get(script.name, 0)}
    return {kind: paths for kind, paths in owed.items() if len(paths) > spared.get(kind, 0)}
