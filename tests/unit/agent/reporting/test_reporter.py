from typing import TYPE_CHECKING

from msgspec.structs import replace

from jcode_watcher.agent.reporting.draft import POSITION, Reading
from jcode_watcher.agent.reporting.statements import unwatched
from jcode_watcher.agent.spool import Start
from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.monitor import MonitorGap
from jcode_watcher.events.process import ProcessExited, ProcessStarted
from jcode_watcher.procmon.facts import Lost

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Facts, Reports

PROG = b"/home/coder/project/hw1/prog"


def test_no_secret_of_a_command_line_reaches_the_spool(reports: "Reports", facts: "Facts") -> None:
    program = facts.executed("./prog --password hunter2", exe=PROG)
    (started,) = reports.of_process(program)
    (saved,) = reports.of_file(facts.saved(after_ns=1))
    (ended,) = reports.of_process(facts.exited(program, after_ns=2))

    assert isinstance(started.body, ProcessStarted)
    assert isinstance(ended.body, ProcessExited)
    assert isinstance(saved.body, FileSaved)
    assert started.body.argv == ended.body.argv == saved.body.writer.argv == ("./prog", "--password", "***")


def test_the_masked_values_are_counted_by_rule(reports: "Reports", facts: "Facts") -> None:
    reports.of_process(facts.executed("./prog --password hunter2", exe=PROG))
    reports.of_process(facts.executed("./prog --level 2", exe=PROG, pid=101))

    assert reports.reporter.masked == {"option": 1}


def test_the_last_event_of_a_fact_brings_how_far_the_ring_was_told(
    reports: "Reports", facts: "Facts"
) -> None:
    ran = replace(facts.executed("a", exe=b"/a"), position=80, ring="r")
    claim = replace(ran, identity="mismatch", pinned_hostname=b"x")
    lost = Lost(
        stage="kernel",
        reason="ring_full",
        count=2,
        since_ns=1,
        until_ns=2,
        counter="ring_full",
        total=9,
        ring="r",
    )

    assert [draft.reading for draft in reports.of_process(claim)] == [None, Reading("r", POSITION, 80)]
    assert [draft.reading for draft in reports.of_process(lost)] == [Reading("r", "ring_full", 9)]
    assert [draft.reading for draft in reports.of_process(replace(lost, counter=""))] == [None]
    assert [draft.reading for draft in reports.of_process(replace(ran, ring=""))] == [None]
    assert reports.of_process(facts.executed("a", exe=b"/a", found_running=True)) == []


def test_who_did_not_look_is_named_and_before_the_first_start_nobody_is_missed() -> None:
    (gap,) = unwatched(Start("a", 5, 1), "filemon", 9)
    assert isinstance(gap.body, MonitorGap)
    assert (gap.body.stage, gap.body.reason) == ("filemon", "not_running")
    assert unwatched(None, "agent", 9) == []
