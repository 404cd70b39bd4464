from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from jcode_watcher.procmon.decode import KernelFact, decode
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled
from jcode_watcher.procmon.programs import ANCESTORS_MAX, Programs
from jcode_watcher.procmon.record import Flag

if TYPE_CHECKING:
    from tests.unit.procmon.conftest import Records

Decode = Callable[[bytes], KernelFact]


def ended(programs: Programs, fact: KernelFact) -> Exited:
    followed = programs.follow(fact)
    assert isinstance(followed, Exited)
    return followed


def test_an_end_says_what_ended(records: "Records", fact: Decode) -> None:
    programs = Programs()
    first, second = fact(records.executed(argv=b"sh\0")), fact(records.executed(argv=b"gcc\0"))
    assert programs.follow(first) == first
    assert programs.follow(second) == second
    assert ended(programs, fact(records.exited())).program == second
    programs.forget_ended()
    assert len(programs) == 0


def test_a_program_has_its_ancestors_though_they_ended_in_the_same_batch(
    records: "Records", fact: Decode
) -> None:
    programs = Programs()
    programs.follow(fact(records.executed(pid=1, argv=b"sh\0")))
    child = programs.follow(fact(records.executed(pid=2, ppid=1, argv=b"gcc\0")))
    ended(programs, fact(records.exited(pid=1)))
    assert isinstance(child, Executed)
    assert [program.argv for program in programs.ancestors(child)] == [(b"sh",)]
    programs.forget_ended()
    assert programs.ancestors(child) == []


def test_a_pid_that_is_used_again_in_the_same_batch_is_not_forgotten(
    records: "Records", fact: Decode
) -> None:
    programs = Programs()
    programs.follow(fact(records.executed(start_boot_ns=4_000)))
    ended(programs, fact(records.exited(start_boot_ns=4_000)))
    programs.follow(fact(records.executed(start_boot_ns=4_500)))
    programs.forget_ended()
    assert programs.of(1234, 4_500) is not None


def test_a_pid_that_is_used_again_is_another_process(records: "Records", fact: Decode) -> None:
    programs = Programs()
    programs.follow(fact(records.executed(start_boot_ns=4_000)))
    assert ended(programs, fact(records.exited(start_boot_ns=4_001))).program is None
    programs.follow(fact(records.executed(start_boot_ns=4_002)))
    assert programs.of(1234, 4_000) is None
    assert len(programs) == 1


def test_a_process_has_one_start_though_the_clock_was_set(records: "Records") -> None:
    programs = Programs()
    programs.follow(decode(records.executed(), 1_000_000))
    again = programs.follow(decode(records.executed(boot_ns=6_000), 9_000_000))
    assert isinstance(again, Executed)
    assert (again.time_ns, again.started_ns) == (9_006_000, 1_004_000)
    end = ended(programs, decode(records.exited(boot_ns=7_000), 9_000_000))
    assert (end.time_ns, end.started_ns) == (9_007_000, 1_004_000)


def test_at_the_limit_the_oldest_gives_way_and_is_counted(records: "Records", fact: Decode) -> None:
    programs = Programs(limit=2)
    for pid in (1, 2, 1, 3):
        programs.follow(fact(records.executed(pid=pid)))
    assert (len(programs), programs.forgotten) == (2, 1)
    assert programs.of(2, 4_000) is None
    assert programs.of(1, 4_000) is not None
    assert programs.of(3, 4_000) is not None


def test_a_victim_says_what_it_ran_and_lives_until_its_end(records: "Records", fact: Decode) -> None:
    programs = Programs()
    program = programs.follow(fact(records.executed()))
    victim = programs.follow(fact(records.oom_killed()))
    assert isinstance(victim, OomKilled)
    assert victim.program == program
    assert ended(programs, fact(records.exited())).program == program


def test_a_victim_of_whom_only_the_pid_is_told_is_described_from_its_program(
    records: "Records", fact: Decode
) -> None:
    programs = Programs()
    program = programs.follow(fact(records.executed()))
    told = {"flags": Flag.PID_ONLY, "start_boot_ns": 0, "comm": b"", "hostname": b"", "uid": 0}
    victim = programs.follow(fact(records.oom_killed(**told)))
    assert isinstance(victim, OomKilled)
    assert victim.program == program
    assert (victim.start_boot_ns, victim.comm, victim.hostname, victim.uid) == (
        4_000,
        b"gcc",
        b"jcode-os-1-1",
        1001,
    )
    unknown = fact(records.oom_killed(**told, pid=9))
    assert programs.follow(unknown) == unknown


def executed(programs: Programs, record: bytes) -> Executed:
    fact = programs.follow(decode(record, 0))
    assert isinstance(fact, Executed)
    return fact


def test_the_programs_that_led_to_one_are_told_up_to_the_first_of_its_container(records: "Records") -> None:
    programs = Programs()
    first = executed(programs, records.executed(pid=10, ppid=1, start_boot_ns=1))
    shell = executed(programs, records.executed(pid=11, ppid=10, start_boot_ns=2))
    make = executed(programs, records.executed(pid=12, ppid=11, start_boot_ns=3))
    assert programs.ancestors(make) == [shell, first]
    assert programs.ancestors(first) == []


def test_a_younger_process_or_one_of_another_container_is_no_ancestor(records: "Records") -> None:
    programs = Programs()
    executed(programs, records.executed(pid=10, start_boot_ns=9))
    child = executed(programs, records.executed(pid=11, ppid=10, start_boot_ns=2))
    assert programs.ancestors(child) == []
    outside = replace(executed(programs, records.executed(pid=12, start_boot_ns=1)), cgroup_path=b"/else")
    programs.follow(outside)
    assert programs.ancestors(executed(programs, records.executed(pid=13, ppid=12, start_boot_ns=2))) == []


def test_a_ring_of_pids_ends(records: "Records") -> None:
    programs = Programs()
    one = executed(programs, records.executed(pid=1, ppid=1))
    assert len(programs.ancestors(one)) == ANCESTORS_MAX
