"""The doctor as its users run it, also with less than all privileges."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jcode_watcher.doctor.finding import Finding

Findings = dict[str, Finding]
Doctor = Callable[..., tuple[int, Findings]]
PATIENCE_SECONDS = 60


@pytest.fixture
def doctor() -> Doctor:
    """Give a function that runs the doctor below other programs; it gives exit status and findings."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    if not Path("/sys/kernel/btf/vmlinux").exists():
        pytest.skip("needs a kernel with BTF")

    def run(*flags: str, below: tuple[str, ...] = ()) -> tuple[int, Findings]:
        if below and shutil.which(below[0]) is None:
            pytest.skip(f"needs {below[0]}")
        command = [*below, sys.executable, "-m", "jcode_watcher", "doctor", "--json", *flags]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
        assert ended.stderr == ""
        return ended.returncode, {found["thing"]: Finding(**found) for found in json.loads(ended.stdout)}

    return run
