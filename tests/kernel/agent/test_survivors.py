"""What goes on while the agent is away or stands still is told afterwards, or said to be missing."""

import os
import signal
import subprocess
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.kernel.agent.conftest import Classroom

pytestmark = pytest.mark.kernel

SURVIVORS = 20
DEAD = 3
STORM = "arguments=$(printf %04096d 0); for n in $(seq 2500); do /bin/true $arguments; done"
"""More than the ring's 8 MiB, yet within a container's allowance."""
WORKSPACE = "os-1-202099001"
TOLD_SECONDS_MAX = 1


def begin(classroom: "Classroom", name: str, code: int) -> subprocess.Popen[bytes]:
    """Let the student's container run a program under that name, until its input ends."""
    script = f"hostname {classroom.prefix}{WORKSPACE} && exec -a {name} bash -c 'read; exit {code}'"
    return subprocess.Popen(["unshare", "--uts", "bash", "-c", script], stdin=subprocess.PIPE)


def end(running: subprocess.Popen[bytes]) -> int:
    running.communicate()
    return running.returncode


def is_of(kind: str, name: str) -> Any:
    def found(event: dict[str, Any]) -> bool:
        return bool(event["kind"] == kind and event["body"]["argv"][:1] == [name])

    return found


def gaps(classroom: "Classroom", since: str) -> list[dict[str, Any]]:
    events = classroom.get("/v1/monitor", **{"from": since})["events"]
    return [event["body"] for event in events if event["kind"] == "monitor.gap"]


def test_each_survivor_of_a_killed_agent_has_its_end_from_the_next_and_the_time_between_is_a_gap(
    classroom: "Classroom",
) -> None:
    with ExitStack() as stack:
        running = {}
        for number in range(SURVIVORS + DEAD):
            running[f"program-{number}"] = started = begin(classroom, f"program-{number}", number)
            stack.callback(started.wait)
            stack.callback(started.kill)
        begun = [classroom.wait_for(is_of("process.started", name)) for name in running]
        killed_ns = time.time_ns()
        classroom.agent.kill()
        for number in range(DEAD):
            assert end(running[f"program-{number}"]) == number
        classroom.start_agent()
        back_ns = time.time_ns()
        for number in range(DEAD, SURVIVORS + DEAD):
            assert end(running[f"program-{number}"]) == number
        last = f"program-{SURVIVORS + DEAD - 1}"
        classroom.wait_for(is_of("process.exited", last))

    ends = {
        event["body"]["argv"][0]: event
        for event in classroom.timeline()
        if event["kind"] == "process.exited"
        and event["body"]["argv"][:1]
        and event["body"]["argv"][0] in running
    }
    assert {name: event["body"]["exit_code"] for name, event in ends.items()} == {
        f"program-{number}": number for number in range(DEAD, SURVIVORS + DEAD)
    }
    assert {event["agent"] for event in ends.values()}.isdisjoint(event["agent"] for event in begun)
    assert {event["body"]["pid"] for event in ends.values()} == {
        running[name].pid for name in running if name in ends
    }
    (gap,) = gaps(classroom, begun[0]["time"])
    assert (gap["stage"], gap["reason"]) == ("agent", "not_running")
    assert moment_ns(gap["since"]) <= killed_ns < moment_ns(gap["until"]) <= back_ns


def moment_ns(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1e9


def test_what_overflows_while_the_agent_stands_still_is_a_gap_within_a_second_of_its_going_on(
    classroom: "Classroom",
) -> None:
    since = datetime.now(UTC).isoformat()
    agent = classroom.agent.process.pid
    os.kill(agent, signal.SIGSTOP)
    try:
        classroom.run(STORM)
    finally:
        os.kill(agent, signal.SIGCONT)
    went_on = time.monotonic()
    while not (stated := gaps(classroom, since)):
        assert time.monotonic() - went_on < TOLD_SECONDS_MAX
        time.sleep(0.02)  # The service announces it on a socket only; this asks as a reader would.
    print(f"gap after {time.monotonic() - went_on:.3f} s: {stated}")
    assert {(gap["stage"], gap["reason"]) for gap in stated} == {("kernel", "ring_full")}
    assert sum(gap["count"] for gap in stated) > 0
