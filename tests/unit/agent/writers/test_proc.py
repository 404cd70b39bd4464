import os
import subprocess
import sys
import time
from pathlib import Path

from jcode_watcher.agent.writers.proc import program_in_proc
from jcode_watcher.events import to_text

TICK_NS = 10_000_000


def test_a_live_process_is_described() -> None:
    before_ns = time.time_ns()
    with subprocess.Popen(["sleep", "60"]) as child:
        try:
            found = program_in_proc(child.pid)
            # While it executes, the kernel sets its name first and its arguments later.
            while found is not None and (found.comm != "sleep" or not found.argv):
                found = program_in_proc(child.pid)
        finally:
            child.kill()

    assert found is not None
    assert (found.pid, found.ppid, found.argv) == (child.pid, os.getpid(), ("sleep", "60"))
    assert found.exe.endswith("/sleep") or "coreutils" in found.exe
    assert before_ns - 2 * TICK_NS <= found.began_ns <= time.time_ns()


def test_one_that_is_gone_is_not() -> None:
    child = subprocess.Popen(["true"])
    child.wait()

    assert program_in_proc(child.pid) is None


def test_this_very_process_is_found_by_its_executable() -> None:
    found = program_in_proc(os.getpid())

    assert found is not None
    assert found.exe == to_text(os.fsencode(Path(sys.executable).resolve()))
