"""Two capabilities suffice; without them one line says what is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.kernel

START = """
import sys
from jcode_watcher.procmon import CannotTrace, ProcessMonitor
monitor = ProcessMonitor(lambda facts: None)
try:
    monitor.start()
except CannotTrace as refusal:
    sys.exit(f"{type(refusal).__name__}: {refusal}")
monitor.stop()
print(monitor.counters().found_running)
"""


def start_with(capabilities: str, programs: str) -> subprocess.CompletedProcess[str]:
    del programs  # It skips where there is no root and no BTF.
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv")
    return subprocess.run(
        ["setpriv", f"--bounding-set=-all{capabilities}", sys.executable, "-c", START],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3] / "src",
    )


def test_bpf_and_perfmon_suffice(programs: str) -> None:
    ended = start_with(",+bpf,+perfmon", programs)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert int(ended.stdout) > 0


@pytest.mark.parametrize(
    ("capabilities", "missing"),
    [("", "CAP_PERFMON and CAP_BPF"), (",+bpf", "CAP_PERFMON"), (",+perfmon", "CAP_BPF")],
)
def test_what_is_missing_is_said_in_one_line(programs: str, capabilities: str, missing: str) -> None:
    ended = start_with(capabilities, programs)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"NoPrivilege: cannot trace processes: {missing} missing; run as root, or grant them\n"
    )
