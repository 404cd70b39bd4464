"""Beside a container that lives, another one that claims its name: each has just what is its own."""

import subprocess
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.procmon import Executed, Exited, Fact, OomKilled

if TYPE_CHECKING:
    from tests.kernel.procmon.conftest import MakeContainer, Recorder, Watch

pytestmark = pytest.mark.kernel

CLAIM = "hostname {victim}; env true; (exit 3); env false"
DISGUISES = {
    "own user namespace": 'unshare -U -r --uts sh -c "$0"',
    "root of the container": 'sh -c "$0"',
    "nested pid namespaces": 'unshare --pid --fork unshare --uts --pid --fork --mount-proc sh -c "$0"',
    "nested cgroup namespaces": 'unshare --cgroup unshare --uts --cgroup sh -c "$0"',
    "all at once": 'unshare -U -r --uts --pid --cgroup --mount --ipc --net --fork --mount-proc sh -c "$0"',
}


def told(recorder: "Recorder") -> list[Executed | Exited | OomKilled]:
    return [fact for fact in recorder.facts if isinstance(fact, Executed | Exited | OomKilled)]


def credited(recorder: "Recorder", hostname: str) -> list[Executed | Exited | OomKilled]:
    """Give what would be credited to that hostname."""
    return [
        fact
        for fact in told(recorder)
        if fact.identity in ("pinned", "hostname")
        and (fact.pinned_hostname or fact.hostname) == hostname.encode()
    ]


def test_a_victim_that_lives_is_credited_with_its_own_programs_only_and_every_claim_is_flagged(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    victim, impostor = make_container("-victim"), make_container("-impostor")
    with watch() as recorder, victim.popen(victim.programs, "wait", "7") as living:
        recorder.wait_for(lambda r: any(b"wait" in fact.argv for fact in r.executed))
        before = len(told(recorder))
        claim = CLAIM.format(victim=victim.hostname)
        for disguise in DISGUISES.values():
            script = f"{disguise.replace('$0', '$CLAIM')} || true"
            impostor.run("env", f"CLAIM={claim}", "sh", "-c", script)
        recorder.catch_up()
        claims = [fact for fact in told(recorder)[before:] if fact.hostname == victim.hostname.encode()]
        living.communicate()
        recorder.catch_up()
    # Of each disguise: two programs and three ends at the least, and the shell's own.
    assert len([fact for fact in claims if isinstance(fact, Executed)]) >= 2 * len(DISGUISES)
    assert len([fact for fact in claims if isinstance(fact, Exited)]) >= 4 * len(DISGUISES)
    assert {fact.identity for fact in claims} == {"mismatch"}
    assert {fact.pinned_hostname for fact in claims} == {impostor.hostname.encode()}
    print(f"{len(claims)} claims flagged, {len(credited(recorder, victim.hostname))} of the victim's own")
    assert {fact.pid for fact in credited(recorder, victim.hostname)} == {living.pid}


def test_a_container_that_was_not_alone_at_first_sight_is_known_by_its_name_at_first_sight(
    make_container: "MakeContainer", watch: "Watch"
) -> None:
    container = make_container()
    victim = f"{container.hostname}-victim"
    # As a runtime does: who makes the container waits in its cgroup, which therefore is not pinned at once.
    inside = (
        f"hostname {container.hostname}; env true; hostname {victim}; env true; echo; read line; env true"
    )
    make = f"exec unshare --uts --pid --fork sh -c '{inside}'"
    go_on = threading.Event()

    def stand_still(batch: Sequence[Fact]) -> None:
        if any(isinstance(fact, Executed) for fact in batch):
            go_on.wait(20)

    with watch() as recorder:
        recorder.on_batch = stand_still
        other = make_container("-other")
        other.run("env", "true")  # The reader stands still from here on, as on a busy machine.
        command = container.outside("sh", "-c", make)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as making:
            assert making.stdout
            making.stdout.readline()
            go_on.set()
            recorder.catch_up()
            making.communicate()
        recorder.catch_up()
    assert told(recorder)
    assert credited(recorder, victim) == []
