"""A process belongs to the container whose cgroup it is in, whatever it calls itself."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed, Exited, Fact, OomKilled, ProcessMonitor
from jcode_watcher.procmon.record import CgroupKey, PinState

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import MakeContainer, Poll, Recorder, Watch

pytestmark = pytest.mark.kernel

CONTAINERS = 200
LIFE_SECONDS_MAX = 0.05


def credited(facts: Sequence[Fact]) -> set[str]:
    """Give the hostnames to which these facts would be credited."""
    return {
        (fact.pinned_hostname or fact.hostname).decode()
        for fact in facts
        if isinstance(fact, Executed | Exited | OomKilled) and fact.identity in ("pinned", "hostname")
    }


def told(recorder: "Recorder") -> list[Executed | Exited | OomKilled]:
    return [fact for fact in recorder.facts if isinstance(fact, Executed | Exited | OomKilled)]


def states(recorder: "Recorder") -> dict[CgroupKey, int]:
    """Give the state of each pin in the kernel's table."""
    opened = recorder.monitor._opened
    assert opened
    pins = {key: opened.kernel.pins.get(key) for key in opened.kernel.pins}
    return {key: pin.state for key, pin in pins.items() if pin}


def test_a_container_is_pinned_at_its_first_exec(make_container: "MakeContainer", watch: "Watch") -> None:
    container = make_container()
    with watch() as recorder:
        container.run(container.programs, "exit", "0")
        recorder.catch_up()
    assert told(recorder)
    for fact in told(recorder):
        assert (fact.identity, fact.pinned_hostname) == ("pinned", container.hostname.encode())
        assert fact.cgroup_path == f"/{container.cgroup.name}".encode()


@pytest.mark.parametrize(
    "disguise",
    [
        "unshare -U -r --uts sh -c 'hostname {victim} && exec env true'",
        "sh -c 'hostname {victim}; env true; exec env true'",
        "unshare --uts --pid --fork --mount-proc sh -c 'hostname {victim} && exec env true'",
        "unshare --uts --cgroup sh -c 'hostname {victim} && exec env true'",
    ],
    ids=["own user namespace", "root of the container", "pid namespace", "cgroup namespace"],
)
def test_nothing_a_process_calls_itself_is_credited_to_another(
    make_container: "MakeContainer", watch: "Watch", disguise: str
) -> None:
    container = make_container()
    victim = f"{container.hostname}-victim"
    with watch() as recorder:
        container.run("sh", "-c", disguise.format(victim=victim))
        recorder.catch_up()
    disguised = [fact for fact in told(recorder) if fact.hostname == victim.encode()]
    assert [fact for fact in disguised if isinstance(fact, Executed)]
    assert {fact.identity for fact in disguised} == {"mismatch"}
    assert {fact.pinned_hostname.decode() for fact in told(recorder)} == {container.hostname}
    assert credited(recorder.facts) == {container.hostname}


def test_a_hostname_that_is_not_wanted_does_not_hide_a_process(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    with watch() as recorder:
        container.run("sh", "-c", "hostname elsewhere; (exec sh -c 'exit 5'); true")
        recorder.catch_up()
    hidden = [fact for fact in told(recorder) if fact.hostname == b"elsewhere"]
    assert any(isinstance(fact, Exited) and fact.exit_code == 5 for fact in hidden)
    assert {fact.identity for fact in hidden} == {"mismatch"}


def test_a_pinned_cgroup_above_decides(make_container: "MakeContainer", watch: "Watch") -> None:
    container = make_container()
    child = container.cgroup / "below/deeper"
    victim = f"{container.hostname}-victim"
    disguise = f"unshare --uts sh -c 'hostname {victim}; env true'"
    move = f"mkdir -p {child} && echo $$ > {child}/cgroup.procs && {disguise}"
    with watch() as recorder:
        container.run("sh", "-c", move)
        recorder.catch_up()
    disguised = [fact for fact in told(recorder) if fact.hostname == victim.encode()]
    assert disguised
    assert {fact.identity for fact in disguised} == {"mismatch"}
    assert credited(recorder.facts) == {container.hostname}
    assert {fact.cgroup_path for fact in told(recorder)} == {f"/{container.cgroup.name}".encode()}


def test_a_name_that_anyone_could_have_taken_is_credited_to_nobody(
    programs: str, hostname: str, watch: "Watch"
) -> None:
    take = f"hostname {hostname} && exec {programs} exit 0"
    with watch() as recorder:
        subprocess.run(["unshare", "-U", "-r", "--uts", "sh", "-c", take], check=True)
        recorder.catch_up()
    assert {fact.identity for fact in told(recorder)} == {"unknown"}
    assert credited(recorder.facts) == set()


def test_what_enters_a_container_from_the_machine_is_of_the_container_and_no_disguise(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    with watch() as recorder:
        with container.popen(container.programs, "wait", "0") as first:
            recorder.wait_for(lambda r: any(b"wait" in fact.argv for fact in r.executed))
            subprocess.run(container.outside("env", "true"), check=True)
            first.communicate()
        recorder.catch_up()
    entered = [fact for fact in recorder.executed if fact.argv == (b"env", b"true")]
    assert [(fact.identity, fact.pinned_hostname) for fact in entered] == [
        ("pinned", container.hostname.encode())
    ]


def test_none_of_many_short_lived_containers_is_unattributed(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    lives: list[float] = []
    hostnames = set()
    with watch() as recorder:
        for number in range(CONTAINERS):
            container = make_container(f"-{number}")
            hostnames.add(container.hostname)
            began = time.monotonic()
            container.run("/bin/true")
            lives.append(time.monotonic() - began)
            container.remove()
        recorder.catch_up()
    assert sorted(lives)[CONTAINERS // 2] < LIFE_SECONDS_MAX
    ends = recorder.exited
    assert {fact.identity for fact in told(recorder)} == {"pinned"}
    assert {fact.pinned_hostname.decode() for fact in ends} == hostnames
    assert all(fact.cgroup_path == b"/" + fact.pinned_hostname for fact in ends)
    assert recorder.monitor.counters().pins_failed == 0


def test_a_cgroup_that_several_hosts_share_is_not_pinned(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    other = container.named(f"{container.hostname}-other")
    with watch() as recorder, container.popen(container.programs, "wait", "0") as first:
        recorder.wait_for(lambda r: bool(r.executed))
        (key,) = states(recorder)
        # As it was alone at first it is pinned; two that begin together are not.
        assert states(recorder)[key] == PinState.CONFIRMED
        other.run("env", "true")
        recorder.catch_up()
        first.communicate()
    assert {fact.identity for fact in told(recorder) if fact.hostname == other.hostname.encode()} == {
        "mismatch"
    }


def test_where_other_hosts_live_already_only_the_hostname_tells(
    make_container: "MakeContainer", watch: "Watch", poll: "Poll"
) -> None:
    container = make_container()
    resident = subprocess.Popen(container.outside(container.programs, "wait", "0"), stdin=subprocess.PIPE)
    with watch() as recorder:
        poll(lambda: f"{resident.pid}\n" in (container.cgroup / "cgroup.procs").read_text())
        with container.popen(container.programs, "wait", "0") as first:
            poll(lambda: PinState.SHARED in states(recorder).values())
            container.run("env", "true")
            first.communicate()
        resident.communicate()
        recorder.catch_up()
        assert set(states(recorder).values()) == {PinState.SHARED}
    assert {fact.identity for fact in told(recorder)} == {"hostname"}
    assert not [fact for fact in told(recorder) if fact.pid == resident.pid]


def test_a_container_that_was_not_alone_at_first_is_confirmed_by_its_members(
    make_container: "MakeContainer", watch: "Watch", poll: "Poll"
) -> None:
    container = make_container()
    # What made the container waits in its cgroup, as `unshare --fork` does.
    inside = f"hostname {container.hostname}; exec {container.programs} wait 0"
    make = f"exec unshare --uts --pid --fork sh -c '{inside}'"
    with watch() as recorder:
        command = container.outside("sh", "-c", make)
        with subprocess.Popen(command, stdin=subprocess.PIPE) as outside:
            poll(lambda: PinState.CONFIRMED in states(recorder).values())
            outside.communicate()
        recorder.catch_up()
    end = next(fact for fact in recorder.exited if fact.namespace_pid == 1)
    assert (end.identity, end.pinned_hostname) == ("pinned", container.hostname.encode())


def test_a_pin_goes_with_its_cgroup(make_container: "MakeContainer", watch: "Watch", poll: "Poll") -> None:
    container = make_container()
    with watch() as recorder:
        container.run("/bin/true")
        recorder.catch_up()
        assert len(states(recorder)) == 1
        container.remove()
        poll(lambda: not states(recorder))


def test_containers_that_ran_before_are_pinned_at_the_start(
    make_container: "MakeContainer", watch: "Watch", poll: "Poll"
) -> None:
    container = make_container()
    later = f"hostname {container.hostname}-victim; exec env true"
    script = f"read line; unshare --uts sh -c '{later}'; exit 4"
    with container.popen("sh", "-c", script) as older:
        poll(lambda: script.encode() in Path(f"/proc/{older.pid}/cmdline").read_bytes())
        for _ in range(2):
            with watch() as recorder:
                recorder.catch_up()
            (found,) = recorder.executed
            assert (found.found_running, found.identity) == (True, "pinned")
            assert found.cgroup_path == f"/{container.cgroup.name}".encode()
        with watch() as recorder:
            older.communicate(b"\n")
            recorder.wait_for(lambda r: any(fact.exit_code == 4 for fact in r.exited))
    assert credited(recorder.facts) == {container.hostname}
    assert "mismatch" in {fact.identity for fact in recorder.executed}


def test_where_every_process_is_wanted_nothing_is_pinned(
    make_container: "MakeContainer", programs: str, hostname: str
) -> None:

    del programs, hostname
    container = make_container()
    facts: list[Fact] = []
    monitor = ProcessMonitor(facts.extend)
    monitor.start()
    try:
        container.run("/bin/true")
        assert monitor._opened
        assert list(monitor._opened.kernel.pins) == []
    finally:
        monitor.stop()
    assert {fact.identity for fact in facts if isinstance(fact, Executed | Exited)} == {"unknown"}


def test_the_programs_that_led_to_one_are_told_up_to_the_containers_first(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    led: list[list[bytes]] = []
    with watch() as recorder:
        inner = recorder.deliver

        def deliver(batch: Sequence[Fact]) -> None:
            programs = [
                fact for fact in batch if isinstance(fact, Executed) and fact.argv == (b"env", b"true")
            ]
            led.extend([each.argv[0] for each in recorder.monitor.ancestors(fact)] for fact in programs)
            inner(batch)

        assert recorder.monitor._opened
        recorder.monitor._opened.reader._deliver = deliver
        container.run("bash", "-c", "sh -c 'env true; :'; :")
        recorder.catch_up()
    assert led == [[b"sh", b"bash"]]
