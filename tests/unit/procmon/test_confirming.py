import pytest

from jcode_watcher.procmon.confirming import INITIAL_PID_INUM, INITIAL_UTS_INUM, first_of, strangers_to
from jcode_watcher.procmon.record import Member

OWN_UTS, OTHER_UTS, OWN_PIDS = 50, 51, 60
MEMBER = Member(
    cgroup_id=7,
    hierarchy=0,
    unused=0,
    start_boot_ns=100,
    pid=10,
    ppid=9,
    namespace_pid=1,
    pid_inum=OWN_PIDS,
    uts_inum=OWN_UTS,
    is_foreign=0,
    hostname=b"host",
)
YOUNGER = MEMBER._replace(pid=11, ppid=10, start_boot_ns=200, namespace_pid=2)
OUTSIDE = MEMBER._replace(
    pid=9, ppid=1, start_boot_ns=50, namespace_pid=9, pid_inum=INITIAL_PID_INUM, uts_inum=INITIAL_UTS_INUM
)


def test_the_first_process_is_the_oldest_with_a_hostname_of_its_own() -> None:
    impostor = MEMBER._replace(start_boot_ns=1, is_foreign=1)
    assert first_of([YOUNGER, impostor, OUTSIDE, MEMBER]) == MEMBER
    assert first_of([OUTSIDE, impostor]) is None
    assert first_of([]) is None


@pytest.mark.parametrize(
    "member",
    [
        MEMBER,
        YOUNGER,
        YOUNGER._replace(uts_inum=OTHER_UTS, is_foreign=1),
        YOUNGER._replace(uts_inum=OTHER_UTS),
        OUTSIDE,
    ],
    ids=["itself", "of its hostname", "of a foreign user namespace", "in its pid namespace", "what made it"],
)
def test_what_belongs_to_the_container_is_no_stranger(member: Member) -> None:
    assert strangers_to(MEMBER, [MEMBER, member]) == []


@pytest.mark.parametrize(
    "member",
    [OUTSIDE._replace(pid=8), YOUNGER._replace(uts_inum=OTHER_UTS, pid_inum=61, namespace_pid=1)],
    ids=["of the machine", "of another container"],
)
def test_what_is_of_another_host_is_a_stranger(member: Member) -> None:
    assert strangers_to(MEMBER, [MEMBER, member]) == [member]


def test_without_a_pid_namespace_of_its_own_any_other_hostname_is_a_strangers() -> None:
    first = MEMBER._replace(namespace_pid=10, pid_inum=INITIAL_PID_INUM)
    other = YOUNGER._replace(uts_inum=OTHER_UTS, pid_inum=INITIAL_PID_INUM)
    assert strangers_to(first, [first, other, OUTSIDE]) == [other, OUTSIDE]
