"""A running `jcode-watcher`, and what its tests need of the machine."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECONDS_MAX = 30.0
"""How long a promise may take on a busy machine."""
POLL_SECONDS = 0.05


def why_not() -> str | None:
    """Say what this machine lacks for these tests."""
    if os.geteuid() != 0:
        return "needs root"
    return None if Path("/sys/kernel/btf/vmlinux").exists() else "needs a kernel with BTF"


class Program:
    """A running `jcode-watcher`."""

    def __init__(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jcode_watcher", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.ready: dict[str, Any] = json.loads(line)

    def kill(self) -> str:
        """Kill it, and give what it said on stderr."""
        os.kill(self.process.pid, signal.SIGKILL)
        said: str = self.process.communicate(timeout=SECONDS_MAX)[1]
        return said

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=SECONDS_MAX)
        return self.process.returncode
