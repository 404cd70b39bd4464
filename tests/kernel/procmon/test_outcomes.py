"""Every process ends once, with the outcome its parent is told."""

import os
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from jcode_watcher.procmon import Executed, Exited

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import Recorder, Watch

pytestmark = pytest.mark.kernel

OUTCOMES = (
    ("exit", 0),
    ("exit", 1),
    ("exit", 3),
    ("exit", 255),
    ("signal", signal.SIGSEGV),
    ("signal", signal.SIGABRT),
    ("signal", signal.SIGFPE),
    ("signal", signal.SIGKILL),
    ("signal", signal.SIGTERM),
    ("core", 0),
    ("leader-first", 9),
    ("thread-exec", 5),
)
PROGRAMS = 1_000
EXPECTED = {
    "core": (None, signal.SIGSEGV, True),
    "leader-first": (9, None, False),
    "thread-exec": (5, None, False),
}
TICK_US = 10_000
"""The longest timer tick that kernels are built with; CPU time may lack as much of the last thread."""


class Told(NamedTuple):
    """What the parent was told by wait4."""

    status: int
    cpu_us: int
    peak_rss_kib: int
    mode: str
    argument: int


def run_all(
    programs: str, hostname: str, rounds: int, *outcomes: tuple[str, int], cwd: Path
) -> dict[int, Told]:
    modes = [text for mode, argument in outcomes for text in (mode, str(int(argument)))]
    ran = subprocess.run(
        [programs, "in", hostname, programs, "all", str(rounds), *modes],
        check=True,
        capture_output=True,
        text=True,
        cwd=cwd,
    )
    told = {}
    for line in ran.stdout.splitlines():
        pid, status, cpu_us, peak, mode, argument = line.split()
        told[int(pid)] = Told(int(status), int(cpu_us), int(peak), mode, int(argument))
    assert len(told) == rounds * len(outcomes), (
        "a pid was used twice: the test cannot tell its processes apart"
    )
    return told


def expected(told: Told) -> tuple[int | None, int | None, bool]:
    if told.mode == "exit":
        return told.argument, None, False
    return EXPECTED.get(told.mode) or (None, told.argument, False)


def test_a_thousand_programs_end_a_thousand_times_each_as_it_did(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    rounds = -(-PROGRAMS // len(OUTCOMES))
    with watch() as recorder:
        told = run_all(programs, hostname, rounds, *OUTCOMES, cwd=tmp_path)
        recorder.catch_up()
        counters = recorder.monitor.counters()
    exits = [fact for fact in recorder.exited if fact.pid in told]
    assert len(exits) == len(told)
    assert Counter(fact.pid for fact in exits) == dict.fromkeys(told, 1)
    for fact in exits:
        assert (fact.exit_code, fact.signal, fact.core_dumped) == expected(told[fact.pid]), told[fact.pid]
        assert (fact.exit_code, fact.signal) == outcome_of(told[fact.pid].status)
        assert not fact.oom_killed
        assert fact.program is not None
        assert fact.exec_boot_ns == fact.program.boot_ns
    assert counters.seen == counters.filtered + counters.submitted + counters.dropped
    assert counters.dropped == counters.refused == counters.missed == 0
    assert counters.submitted == counters.received == counters.decoded == counters.delivered


def outcome_of(status: int) -> tuple[int | None, int | None]:
    return (None, os.WTERMSIG(status)) if os.WIFSIGNALED(status) else (os.WEXITSTATUS(status), None)


def test_each_process_executes_before_it_ends_and_nothing_of_other_hostnames_comes(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    with watch() as recorder:
        told = run_all(programs, hostname, 5, *OUTCOMES, cwd=tmp_path)
        run_all(programs, f"other-{hostname}", 5, ("exit", 0), cwd=tmp_path)
        recorder.catch_up()
    executing: set[int] = set()
    for fact in recorder.facts:
        assert isinstance(fact, Executed | Exited)
        assert fact.hostname == hostname.encode()
        if isinstance(fact, Executed):
            executing.add(fact.pid)
        else:
            executing.remove(fact.pid)
    assert not executing & set(told)


def test_cpu_time_and_peak_memory_are_those_the_parent_is_told(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    with watch() as recorder:
        told = run_all(programs, hostname, 3, ("burn", 30), ("exit", 0), cwd=tmp_path)
        recorder.catch_up()
    for fact in recorder.exited:
        if fact.pid not in told:
            continue
        expected_us = told[fact.pid].cpu_us
        assert fact.peak_rss_bytes == told[fact.pid].peak_rss_kib * 1024
        # Not exact: wait4 also counts what the kernel does to end the process, after the hook.
        assert expected_us - 2 * TICK_US <= (fact.user_ns + fact.system_ns) / 1000 <= expected_us + TICK_US


@pytest.mark.parametrize(("mode", "code", "execs"), [("rename", 3, 1), ("rename-thread-exec", 4, 2)])
def test_a_process_that_was_seen_is_seen_to_its_end_whatever_its_hostname(
    programs: str,
    hostname: str,
    watch: "Watch",
    tmp_path: Path,
    mode: str,
    code: int,
    execs: int,
) -> None:
    with watch() as recorder:
        told = run_all(programs, hostname, 1, (mode, code), cwd=tmp_path)
        recorder.catch_up()
    (pid,) = told
    (end,) = (fact for fact in recorder.exited if fact.pid == pid)
    assert (end.exit_code, end.hostname) == (code, b"elsewhere")
    assert len([fact for fact in recorder.executed if fact.pid == pid]) == execs
    assert end.program == [fact for fact in recorder.executed if fact.pid == pid][-1]


def test_a_process_that_never_executed_ends_too(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    with watch() as recorder:
        told = run_all(programs, hostname, 1, ("fork", 4), cwd=tmp_path)
        recorder.catch_up()
    (parent,) = told
    (child,) = (fact for fact in recorder.exited if fact.ppid == parent)
    assert (child.exit_code, child.exec_boot_ns, child.program) == (4, 0, None)
    assert child.start_boot_ns > 0


def test_threads_that_end_together_are_one_end(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    with watch() as recorder:
        told = run_all(programs, hostname, 200, ("leader-first", 9), cwd=tmp_path)
        recorder.catch_up()
    assert Counter(fact.pid for fact in recorder.exited if fact.pid in told) == dict.fromkeys(told, 1)


def ends(recorder: "Recorder", pid: int) -> list[Exited]:
    return [fact for fact in recorder.exited if fact.pid == pid]


def test_what_ran_before_is_found_once_and_its_end_is_seen(
    programs: str, hostname: str, watch: "Watch", tmp_path: Path
) -> None:
    older = subprocess.Popen(
        [programs, "in", hostname, programs, "wait", "7"], stdin=subprocess.PIPE, cwd=tmp_path
    )
    elder = subprocess.Popen([programs, "in", f"x{hostname}", programs, "wait", "7"], stdin=subprocess.PIPE)
    try:
        wait_until_named(older.pid, b"wait")
        wait_until_named(elder.pid, b"wait")
        with watch() as recorder:
            older.communicate()
            elder.communicate()
            recorder.wait_for(lambda r: bool(ends(r, older.pid)))
            counters = recorder.monitor.counters()
    finally:
        older.kill()
        elder.kill()
        older.wait()
        elder.wait()
    (found,) = recorder.executed
    assert (found.found_running, found.pid, found.hostname) == (True, older.pid, hostname.encode())
    assert found.argv == (programs.encode(), b"wait", b"7")
    assert (found.exe, found.cwd) == (programs.encode(), bytes(tmp_path))
    (end,) = recorder.exited
    assert (end.exit_code, end.program, end.exec_boot_ns) == (7, found, 0)
    assert counters.found_running == 1


def wait_until_named(pid: int, argument: bytes) -> None:
    while argument not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1:2]:
        assert Path(f"/proc/{pid}/stat").exists()
