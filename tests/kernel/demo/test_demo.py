"""The whole system on this machine: what students really do is what the service stores."""

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root: namespaces, cgroups, BPF"),
]

CLASS_SECONDS_MAX = 240


@contextmanager
def demo(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "jcode_watcher", "demo", "--once", *arguments]
    prefix = f"t{uuid.uuid4().hex[:8]}-"
    with subprocess.Popen(
        [*command, "--hostname-prefix", prefix], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def sums(output: str) -> dict[str, int]:
    """The closing table's last line."""
    numbers = next(line.split()[1:] for line in output.splitlines() if line.startswith("all "))
    return dict(zip(("done", "stored", "in_gap", "missing", "wrong"), map(int, numbers), strict=True))


@pytest.mark.timeout(CLASS_SECONDS_MAX)
def test_everything_a_class_does_is_stored_as_it_was_done() -> None:
    with demo("--students", "3", "--seconds", "5") as process:
        output, _ = process.communicate()
    assert process.returncode == 0, output
    found = sums(output)
    assert found["done"] >= 3 * 38
    assert found == {**found, "stored": found["done"], "in_gap": 0, "missing": 0, "wrong": 0}, output


@pytest.mark.timeout(CLASS_SECONDS_MAX)
def test_after_kill_9_of_agent_and_service_all_is_stored_once_or_in_a_stated_gap() -> None:
    with demo("--students", "3", "--seconds", "25") as process:
        assert process.stdout is not None
        early: list[str] = []
        while not (found := re.search(r"service (\d+), agent (\d+)", early[-1] if early else "")):
            early.append(process.stdout.readline())
            assert early[-1], "".join(early)
        service, agent = (int(pid) for pid in found.groups())
        wait_until_dead(process, agent, after_seconds=6)
        wait_until_dead(process, service, after_seconds=6)
        output = "".join(early) + process.communicate()[0]
    assert process.returncode == 0, output
    sum_of = sums(output)
    assert sum_of["stored"] + sum_of["in_gap"] == sum_of["done"], output
    assert sum_of["stored"] > sum_of["done"] // 2, output
    assert (sum_of["missing"], sum_of["wrong"]) == (0, 0)
    assert re.search(r"gap .*agent.*not_running", output), output


def wait_until_dead(demo_process: subprocess.Popen[str], pid: int, after_seconds: float) -> None:
    """Let the class work for a while, then kill one of its programs, which cannot defend itself."""
    with pytest.raises(subprocess.TimeoutExpired):
        demo_process.wait(after_seconds)
    os.kill(pid, signal.SIGKILL)
