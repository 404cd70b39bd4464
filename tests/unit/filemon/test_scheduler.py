"""Whether processes are at work is what the kernel says of them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from jcode_watcher.filemon.scheduler import CROWD, THREADS_MAX, Scheduler

SLEEPS = "print(flush=True); input()"
RUNS = "print(flush=True)\nwhile True: pass"
ONE_RUNS = f"""
import threading
def run():
    {RUNS.replace(chr(10), chr(10) + "    ")}
threading.Thread(target=run, daemon=True).start()
input()
"""
MANY = f"""
import threading
for _ in range({THREADS_MAX}): threading.Thread(target=threading.Event().wait, daemon=True).start()
{SLEEPS}
"""


@contextmanager
def running(program: str) -> Iterator[int]:
    """Run a program that says when it is ready."""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        process.kill()


@pytest.mark.parametrize("program", [RUNS, ONE_RUNS, MANY])
def test_a_process_is_at_work_while_a_thread_of_it_runs_or_there_are_too_many_to_look_at(
    program: str,
) -> None:
    with running(program) as pid:
        assert Scheduler().is_at_work(pid)


def test_a_process_that_sleeps_is_not_at_work() -> None:
    with running(SLEEPS) as pid:
        while Scheduler().is_at_work(pid):
            os.sched_yield()


def test_what_is_gone_is_not_at_work() -> None:
    with running(SLEEPS) as pid:
        pass
    assert not Scheduler().is_at_work(pid)


def test_a_machine_is_crowded_while_far_more_run_than_it_has_processors() -> None:
    with ExitStack() as programs:
        for _ in range(CROWD * (os.cpu_count() or 1) + 1):
            programs.enter_context(running(RUNS))
        while not Scheduler().is_crowded():
            os.sched_yield()
