from jcode_watcher.agent.writers.programs import (
    DOUBT_NS,
    ENDED_NS_MAX,
    PROGRAMS_A_PROCESS_MAX,
    Program,
    Programs,
)
from jcode_watcher.events import Subject


def program(pid: int, began_ns: int, *, start: int = 1, ppid: int = 1) -> Program:
    return Program(pid=pid, start_boot_ns=start, began_ns=began_ns, ppid=ppid)


def test_each_moment_has_its_program() -> None:
    programs = Programs()
    first, second = program(7, 10), program(7, 20)
    programs.began(first)
    programs.began(second)

    assert programs.at(7, 9) is None
    assert programs.at(7, 19) is first
    assert programs.at(7, 20) is second
    assert programs.at(8, 20) is None


def test_a_pid_used_again_means_the_process_that_had_it_then() -> None:
    programs = Programs()
    old, new = program(7, 10, start=1), program(7, 50, start=2)
    programs.began(old)
    programs.ended(old, 40)
    programs.began(new)

    assert programs.at(7, 45) is old
    assert programs.at(7, 55) is new
    assert programs.running(7, 2) is new
    assert programs.running(7, 1) is old
    assert programs.running(7, 3) is None


def test_an_ended_process_is_meant_only_for_a_while() -> None:
    programs = Programs()
    programs.ended(program(7, 10), 20)

    assert programs.at(7, 20 + ENDED_NS_MAX) is not None
    assert programs.at(7, 21 + ENDED_NS_MAX) is None


def test_the_table_is_bounded_and_forgets_ended_processes_first() -> None:
    programs = Programs(processes_max=3)
    alive = program(1, 0)
    programs.began(alive)
    for pid in range(2, 9):
        programs.ended(program(pid, 0), 1)

    assert len(programs) == 3
    assert programs.at(1, 5) is alive
    assert [pid for pid in range(2, 9) if programs.at(pid, 5)] == [7, 8]


def test_ended_processes_are_forgotten_once_nobody_can_mean_them_and_beyond_their_limit() -> None:
    programs = Programs(ended_max=3)
    for pid in range(2, 9):
        programs.ended(program(pid, 0), pid)
    assert [pid for pid in range(2, 9) if programs.at(pid, 9)] == [6, 7, 8]

    programs.forget_ended(8 + DOUBT_NS)
    assert [pid for pid in range(2, 9) if programs.at(pid, 9)] == [8]


def test_none_that_ended_is_remembered_where_nobody_asks() -> None:
    programs = Programs(ended_max=0)
    programs.began(program(7, 10))
    programs.ended(program(7, 10), 20)

    assert len(programs) == 0


def test_of_one_that_ended_only_what_a_writer_tells_is_kept() -> None:
    programs = Programs()
    words = ("gcc", *("x" * 200 for _ in range(9)))
    subjects = [Subject(student="2020") for _ in range(2)]
    for pid, subject in enumerate(subjects):
        driver = program(pid, 0)
        driver.argv, driver.subject, driver.is_build = words, subject, True
        programs.ended(driver, 1)

    first, second = programs.at(0, 1), programs.at(1, 1)
    assert first is not None
    assert second is not None
    assert first.argv == words[:3]
    assert first.is_build
    assert first.subject is second.subject


def test_a_process_that_executes_without_end_is_remembered_with_its_latest_programs() -> None:
    programs = Programs()
    for began_ns in range(1, 100):
        programs.began(program(7, began_ns))

    assert programs.at(7, 99 - PROGRAMS_A_PROCESS_MAX) is None
    assert programs.at(7, 99) is not None


def test_ancestors_end_where_nothing_is_known_also_in_a_circle() -> None:
    programs = Programs()
    one, two, three = program(1, 0, ppid=2), program(2, 0, ppid=1), program(3, 5, ppid=2)
    for known in (one, two, three):
        programs.began(known)

    line = list(programs.ancestors(three))

    assert line[:2] == [two, one]
    assert len(line) < 100
    assert list(programs.ancestors(program(9, 0, ppid=404))) == []
