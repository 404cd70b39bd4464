from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.kernel.lifecycle.conftest import Monitor

    Start = Callable[..., Monitor]
    RunAs = Callable[[str], int]

pytestmark = pytest.mark.kernel
BURST = 3_000
LATENCY_SECONDS_MAX = 2.0
TRACED = "jcode_watcher_lifecycle_traced_events_total"


def is_exit_of(program: str) -> Callable[[dict[str, Any]], bool]:
    return lambda told: told["type"] == "EXIT" and told.get("argv", [""])[:1] == [program]


def of_program(told: Iterable[dict[str, Any]], program: str) -> list[dict[str, Any]]:
    return [one for one in told if one.get("argv", [""])[:1] == [program]]


def test_each_outcome_is_told_as_a_shell_would(monitor: Start, run_as: RunAs) -> None:
    running = monitor()
    run_as(
        'exit_with() { sh -c "exit $1"; }; exit_with 0; exit_with 3; exit_with 255;'
        'for s in SEGV ABRT FPE KILL TERM; do sh -c "kill -$s \\$\\$"; done; /bin/true'
    )
    told = running.lines_until(is_exit_of("/bin/true"))
    ends = [(one["exit_code"], one["signal"]) for one in of_program(told, "sh") if one["type"] == "EXIT"]
    assert ends == [
        (0, None),
        (3, None),
        (255, None),
        (139, "SIGSEGV"),
        (134, "SIGABRT"),
        (136, "SIGFPE"),
        (137, "SIGKILL"),
        (143, "SIGTERM"),
    ]


def test_an_exec_and_its_exit_say_who_what_where_and_how_long(
    monitor: Start, run_as: RunAs, hostname: str
) -> None:
    running = monitor()
    before_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    run_as("cd /usr; /bin/sleep 0.05 && true")
    after_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    started, ended = of_program(running.lines_until(is_exit_of("/bin/sleep")), "/bin/sleep")
    assert (started["type"], ended["type"]) == ("EXEC", "EXIT")
    for told in (started, ended):
        assert told["comm"] == "sleep"
        assert told["argv"] == ["/bin/sleep", "0.05"]
        assert told["exe"].endswith("/sleep")
        assert (told["cwd"], told["uid"], told["hostname"]) == ("/usr", 0, hostname)
        assert (told["pid"], told["ppid"]) == (started["pid"], started["ppid"])
        assert before_ns < told["timestamp"] < after_ns
    assert ended["duration_ns"] == ended["timestamp"] - started["timestamp"]
    assert ended["duration_ns"] >= 50_000_000


def test_a_program_that_ran_before_is_told_only_when_it_ends(monitor: Start, hostname: str) -> None:
    naming = 'echo "$0" >/proc/sys/kernel/hostname; echo named; read line; exec sleep 0.01'
    with subprocess.Popen(
        ["unshare", "--uts", "sh", "-c", naming, hostname], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as earlier:
        assert earlier.stdin
        assert earlier.stdout
        assert earlier.stdout.readline() == b"named\n"
        running = monitor()
        earlier.stdin.close()
        told = running.lines_until(lambda one: one["type"] == "EXIT")
    assert [(one["type"], one["argv"]) for one in told] == [
        ("EXEC", ["sleep", "0.01"]),
        ("EXIT", ["sleep", "0.01"]),
    ]


def test_other_hostnames_are_not_told(monitor: Start, run_as: RunAs, hostname: str) -> None:
    running = monitor()
    subprocess.run(["/bin/true"], check=True)
    run_as("/bin/echo told")
    told = running.lines_until(is_exit_of("/bin/echo"))
    assert {one["hostname"] for one in told} == {hostname}


def test_a_websocket_client_that_is_not_ours_sees_ls(monitor: Start, run_as: RunAs) -> None:
    running = monitor()
    command = [sys.executable, "-u", "-m", "websockets", f"ws://{running.address}/ws"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        connected = client.stdout.readline()
        assert "Connected to" in connected
        began = time.monotonic()
        run_as("/bin/ls / >/dev/null; true")
        seen = next(line for line in client.stdout if '"argv":["/bin/ls"' in line)
        assert time.monotonic() - began < LATENCY_SECONDS_MAX
        client.send_signal(signal.SIGTERM)
    told = json.loads(seen[seen.index("{") : seen.rindex("}") + 1])
    assert (told["type"], told["comm"], told["exit_code"]) == ("EXEC", "ls", 0)


def test_every_event_of_a_burst_is_told_or_counted_as_lost(monitor: Start, run_as: RunAs) -> None:
    running = monitor()
    run_as(f"i=0; while [ $i -lt {BURST} ]; do /bin/true; i=$((i+1)); done")
    told = running.lines_until(is_exit_of_first_shell)
    lost = sum(one["count"] for one in told if one["type"] == "LOST")
    programs = of_program(told, "/bin/true")
    assert 2 * BURST - lost <= len(programs) <= 2 * BURST
    assert lost == counted_lost(running.metrics())
    if not lost:
        assert [one["type"] for one in programs] == ["EXEC", "EXIT"] * BURST
        assert [one["pid"] for one in programs[::2]] == [one["pid"] for one in programs[1::2]]


def test_the_lines_balance_with_what_the_kernel_counted(monitor: Start, run_as: RunAs) -> None:
    running = monitor()
    run_as("i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done")
    told = running.lines_until(is_exit_of_first_shell)
    counted = running.metrics()
    lines = sum(one["type"] != "LOST" for one in told)
    assert lines == counted[f'{TRACED}{{stage="submitted"}}'] == counted[f'{TRACED}{{stage="delivered"}}']
    for kind in ("EXEC", "EXIT"):
        of_kind = sum(one["type"] == kind for one in told)
        assert of_kind == counted[f'jcode_watcher_lifecycle_events_total{{type="{kind}"}}']


def is_exit_of_first_shell(told: dict[str, Any]) -> bool:
    """Tell whether this is the last that happens: the shell that took its hostname after its own exec."""
    return bool(told["type"] == "EXIT" and told["comm"] == "sh" and told["argv"] == [])


def counted_lost(metrics: dict[str, float]) -> float:
    return metrics[f'{TRACED}{{stage="dropped_ring_full"}}'] + metrics[f'{TRACED}{{stage="missed"}}']
