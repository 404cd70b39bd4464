"""Which mode is taken where nobody says which."""

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon import FileMonitor, NoFileHandles

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kernel.filemon.watched import Watched

pytestmark = pytest.mark.kernel
PROGRAM = """
import pathlib, sys
from jcode_watcher.filemon import FileMonitor
monitor = FileMonitor(pathlib.Path(sys.argv[1]), print, wants=bool, prunes=lambda _: False)
print(monitor.start(), len(monitor.passed_over))
monitor.wait_scanned(30)
monitor.stop()
"""


def test_handles_are_taken_where_the_file_system_gives_them(watched: "Watched") -> None:
    monitor = watched.start(mode="auto")
    assert monitor.passed_over == ()
    (watched.root / "a.c").write_bytes(b"1")
    assert watched.saved("a.c", b"1").pid == os.getpid()


def test_descriptors_are_taken_on_an_overlay_and_why_is_said(
    new_watched_on_overlay: "Callable[[], Watched]",
) -> None:
    watched = new_watched_on_overlay()
    monitor = FileMonitor(watched.root, watched.deliver, wants=bool, prunes=lambda _: False)
    assert monitor.start() == "descriptors"
    monitor.stop()
    (why,) = monitor.passed_over
    assert "overlay" in why
    assert "\n" not in why


def test_inotify_is_taken_without_privileges(watched: "Watched") -> None:
    unprivileged = ["setpriv", "--bounding-set=-sys_admin", sys.executable, "-c", PROGRAM, str(watched.root)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(unprivileged, capture_output=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == b"inotify 2"
    assert done.stdout.count(b"CAP_SYS_ADMIN") == 2 or done.stderr.count(b"CAP_SYS_ADMIN") == 2


def test_nothing_is_taken_where_no_files_are(watched: "Watched") -> None:
    monitor = FileMonitor(watched.root.__class__("/proc"), print, wants=bool, prunes=bool)
    with pytest.raises(
        NoFileHandles, match=r"^no file mode can watch here: /proc lies on proc, which holds no "
    ):
        monitor.start()
