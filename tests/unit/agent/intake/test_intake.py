import threading
from typing import TYPE_CHECKING

from jcode_watcher.agent.intake.intake import Intake
from jcode_watcher.agent.intake.news import FileNews, ProcessNews, Statement
from jcode_watcher.agent.writers.deeds import HEARD_NS_MAX
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts

NOW = Statement(MonitorStopped(), 5)


def test_what_is_put_comes_out_in_order_of_its_source(facts: "Facts") -> None:
    intake = Intake(10, 100)
    programs = [facts.executed("a", exe=b"/a", pid=pid) for pid in (1, 2, 3)]
    intake.put_processes(programs)
    intake.put_files(b"/r", [facts.saved()])
    intake.put_statement(NOW)

    taken = intake.take(2, 0, 0)

    assert [news.fact for news in taken if isinstance(news, ProcessNews)] == programs[:2]
    assert [news.root for news in taken if isinstance(news, FileNews)] == [b"/r"]
    assert taken[-1] is NOW
    assert len(intake) == 1


def test_a_full_lane_makes_its_source_wait_and_no_other(facts: "Facts") -> None:
    intake = Intake(100, 10)
    first, second = facts.saved(content=b"x" * 10), facts.saved(content=b"y")
    intake.put_files(b"/r", [first])
    source = threading.Thread(target=intake.put_files, args=(b"/r", [second]))
    source.start()
    source.join(0.05)
    assert source.is_alive()

    intake.put_processes([facts.executed("a", exe=b"/a")])
    assert len(intake.take_processes(10, 0)) == 1

    assert len(intake.take(1, 0, 0)) == 1
    source.join(5)
    assert not source.is_alive()
    assert len(intake.files) == 1


def test_more_than_a_lane_holds_passes_through_it(facts: "Facts") -> None:
    intake = Intake(3, 100)
    programs = [facts.executed("a", exe=b"/a", pid=pid) for pid in range(50)]
    source = threading.Thread(target=intake.put_processes, args=(programs,))
    source.start()

    taken: list[ProcessNews] = []
    while len(taken) < 50:
        taken += intake.take_processes(2, 5)

    source.join(5)
    assert [news.fact for news in taken] == programs


def test_the_end_frees_who_waits_and_counts_what_comes_late(facts: "Facts") -> None:
    intake = Intake(1, 10)
    intake.put_files(b"/r", [facts.saved(content=b"x" * 10)])
    source = threading.Thread(target=intake.put_files, args=(b"/r", [facts.saved()]))
    source.start()

    intake.close()

    source.join(5)
    assert not source.is_alive()
    assert intake.refused == 1
    assert len(intake.take(10, 0, 0)) == 1


def test_taking_from_an_empty_intake_ends_by_itself() -> None:
    assert Intake(1, 1).take(1, 0.01, 0.01) == []


def test_since_when_something_waits_is_known_of_a_save_with_the_time_until_it_was_heard_of(
    facts: "Facts",
) -> None:
    intake = Intake(10, 100)
    assert intake.since_ns() is None
    program, saved = facts.executed("a", exe=b"/a", after_ns=7), facts.saved(after_ns=9)
    intake.put_processes([program])
    assert intake.since_ns() == program.time_ns

    intake.put_files(b"/r", [saved])
    assert intake.since_ns() == saved.time_ns - HEARD_NS_MAX
