"""What a student does under a real kernel, as the service tells it afterwards."""

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.kernel.agent.conftest import Classroom

pytestmark = pytest.mark.kernel

WORK = r"""
printf '#include <stdio.h>\nint main(){puts("hi");return 3;}' > a.c
gcc -Wall a.c -o prog
./prog
sed -i s/hi/ho/ a.c
gcc -c a.c && gcc a.o -o linked
printf 'int main(){return *(volatile int *)0;}' > crash.c
gcc crash.c -o crash
./crash
printf 'raise SystemExit(4)' > b.py
/usr/bin/python3 b.py
cp a.c c.c
mv c.c d.c
rm d.c
gcc missing.c
printf done > end.py
"""


def ended(event: dict[str, Any]) -> bool:
    return (event["kind"], event["body"].get("path")) == ("file.saved", "end.py")


def test_every_build_run_and_save_is_told_with_who_did_it(classroom: "Classroom") -> None:
    classroom.run(WORK)
    classroom.wait_for(ended)

    told = [
        (
            a["activity"]["type"],
            a["activity"].get("target") or a["activity"]["output"],
            a["exit_code"],
            a["signal"],
        )
        for a in classroom.activities()
    ]
    assert told == [
        ("build", "prog", 0, None),
        ("run", "prog", 3, None),
        ("build", "a.o", 0, None),
        ("build", "linked", 0, None),
        ("build", "crash", 0, None),
        ("run", "crash", None, "SIGSEGV"),
        ("run", "b.py", 4, None),
        ("build", "a.out", 1, None),
    ]
    assert [(save["path"], save["how"], save["writer"]["role"]) for save in classroom.saves()] == [
        ("a.c", "closed", "shell"),
        ("a.c", "renamed_over", "editor"),
        ("crash.c", "closed", "shell"),
        ("b.py", "closed", "shell"),
        ("c.c", "closed", "copy"),
        ("end.py", "closed", "shell"),
    ]
    assert {event["subject"]["student"] for event in classroom.timeline()} == {"202099001"}


def test_a_run_names_the_version_it_was_built_from(classroom: "Classroom") -> None:
    classroom.run(WORK)
    classroom.wait_for(ended)

    runs = {
        a["activity"]["target"]: a["activity"]
        for a in classroom.activities()
        if a["activity"]["type"] == "run"
    }
    first = next(save for save in classroom.saves() if save["path"] == "a.c")

    assert runs["prog"]["built_here"]
    assert runs["prog"]["built_from"] == [first["sha256"]]
    assert not runs["b.py"]["built_here"]


def test_an_event_can_be_read_within_two_seconds(classroom: "Classroom") -> None:
    classroom.run("printf 1 > warm.py")
    classroom.wait_for(lambda event: event["body"].get("path") == "warm.py")

    began = time.monotonic()
    classroom.run("printf 1 > quick.py")
    classroom.wait_for(lambda event: event["body"].get("path") == "quick.py")

    assert time.monotonic() - began < 2.0


def test_a_kill_loses_nothing_that_was_kept_and_states_the_rest(classroom: "Classroom") -> None:
    classroom.run("printf 1 > before.py; printf 1 > goes.py; /usr/bin/python3 before.py")
    classroom.wait_for(
        lambda event: event["kind"] == "process.exited" and event["body"]["activity"] is not None
    )
    before = classroom.timeline()

    classroom.agent.kill()
    classroom.run("printf 22 > away.py; printf 22 > before.py; rm goes.py")
    classroom.start_agent()
    classroom.wait_for(lambda event: event["kind"] == "file.deleted" and event["body"]["path"] == "goes.py")
    classroom.wait_for(
        lambda event: event["body"].get("path") == "before.py" and event["body"]["how"] == "rescan"
    )
    classroom.wait_for(lambda event: event["body"].get("path") == "away.py")

    after = classroom.timeline()
    assert [event["id"] for event in after][: len(before)] == [event["id"] for event in before]
    assert len({event["id"] for event in after}) == len(after)
    found = [event["body"]["path"] for event in after if event["body"].get("how") == "rescan"]
    assert sorted(found) == ["away.py", "before.py", "goes.py"]
    stated = classroom.get("/v1/monitor", **{"from": before[0]["time"]})["events"]
    gaps = [event["body"] for event in stated if event["kind"] == "monitor.gap"]
    assert [(gap["stage"], gap["reason"]) for gap in gaps] == [("agent", "not_running")]
    assert gaps[0]["since"] < gaps[0]["until"]


def test_a_stop_under_work_keeps_everything_that_was_seen(classroom: "Classroom") -> None:
    classroom.run("for n in $(seq 40); do printf $n > f$n.py; done")
    assert classroom.agent.stop() == 0

    classroom.start_agent()
    classroom.run("printf 1 > end.py")
    classroom.wait_for(ended)

    paths = [save["path"] for save in classroom.saves()]
    assert sorted(paths) == sorted([f"f{n}.py" for n in range(1, 41)] + ["end.py"])
