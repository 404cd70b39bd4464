from typing import TYPE_CHECKING

from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.process import ProcessExited, ProcessStarted

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
