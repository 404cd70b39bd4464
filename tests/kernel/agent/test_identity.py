"""A student's container claims to be another's: nothing is credited to the other, and the claim is told."""

from typing import TYPE_CHECKING, Any

import pytest

from jcode_watcher.demo.shell import Shell

if TYPE_CHECKING:
    from tests.kernel.agent.conftest import Classroom

pytestmark = pytest.mark.kernel

VICTIM = "202099002"


def is_exit_of(name: str) -> Any:
    def found(event: dict[str, Any]) -> bool:
        return bool(event["kind"] == "process.exited" and event["body"]["argv"][:1] == [name])

    return found


def test_a_false_name_is_credited_to_nobody_else_and_told(classroom: "Classroom") -> None:
    own = f"{classroom.prefix}{classroom.hw.parent.name}"
    victim = f"{classroom.prefix}os-1-{VICTIM}"
    with Shell(own, classroom.hw.parent) as shell:
        shell.type("/usr/bin/printf honest")
        shell.type(f"unshare -U -r --uts bash -c 'hostname {victim} && (exec -a in-a-namespace /bin/true)'")
        shell.type(f"hostname {victim} && /usr/bin/uname -n")
        shell.type(f"hostname {own}")
    honest = classroom.wait_for(is_exit_of("/usr/bin/printf"))
    in_a_namespace = classroom.wait_for(is_exit_of("in-a-namespace"))
    as_root = classroom.wait_for(is_exit_of("/usr/bin/uname"))

    assert honest["subject"]["identity"] == "pinned"
    assert in_a_namespace["subject"]["identity"] == "mismatch"
    assert as_root["subject"]["identity"] == "mismatch"
    told = [e["body"] for e in classroom.timeline() if e["kind"] == "identity.mismatched"]
    assert [(body["pinned"], body["claimed"]) for body in told] == [(own, victim)]
    assert classroom.get("/v1/timeline", course="os", section="1", student=VICTIM)["events"] == []
