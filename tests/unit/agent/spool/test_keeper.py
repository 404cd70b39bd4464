import threading
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.errors import CannotKeep
from jcode_watcher.agent.intake.intake import Intake
from jcode_watcher.agent.intake.news import Statement
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool.keeper import WRITER_SECONDS_MAX, Clocks, Keeper, Pulse
from jcode_watcher.events import Envelope, decode_event
from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.monitor import MonitorHeartbeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.agent.conftest import Facts, Reports, Store, Stores

AT = 1_750_000_000_000_000_000


class Bench:
    """A keeper with a real spool, fed by hand."""

    def __init__(self, stores: "Stores", make_reports: "type[Reports]") -> None:
        self.store: Store = stores.open()
        self.intake = Intake(1_000, 1 << 20)
        self.told_until_ns = AT + 10**15
        self.kept = threading.Event()
        self.reporter = make_reports(self.store, lambda _: None).reporter
        self.pulse = Pulse(3_600, lambda: Statement(MonitorHeartbeat(), AT))
        self.keeper = Keeper(
            self.intake,
            self.reporter,
            self.store.spool,
            Clocks(lambda: AT + 10**15, lambda: self.told_until_ns, lambda: self.told_until_ns),
            self.pulse,
            self.kept.set,
        )

    def finish(self) -> list[Envelope]:
        self.intake.close()
        if self.keeper.ident is None:
            self.keeper.start()
        self.keeper.join(10)
        return [decode_event(event.json) for event in self.store.outbox.oldest(10_000, 1 << 30)]


@pytest.fixture
def bench(stores: "Stores", reports_type: "type[Reports]") -> "Iterator[Bench]":
    bench = Bench(stores, reports_type)
    yield bench
    bench.finish()


def test_everything_that_was_captured_before_the_end_is_kept(bench: Bench, facts: "Facts") -> None:
    bench.intake.put_processes(
        [facts.executed("a", exe=b"/a", pid=pid, after_ns=pid) for pid in range(1, 900)]
    )

    events = bench.finish()

    assert bench.keeper.failure is None
    assert [event.seq for event in events] == list(range(1, 900))


def test_a_save_waits_until_the_facts_about_its_writer_are_there(bench: Bench, facts: "Facts") -> None:
    bench.told_until_ns = AT
    bench.intake.put_files(b"/srv/ws", [facts.saved(after_ns=2_000_000)])
    bench.keeper.start()
    assert not bench.kept.wait(0.05)

    copy = facts.executed("cp a b", exe=b"/usr/bin/cp", after_ns=1_000_000)
    bench.intake.put_processes([copy])
    bench.told_until_ns = AT + 8_000_000

    (started, saved) = bench.finish()
    assert started.kind == "process.started"
    assert isinstance(saved.body, FileSaved)
    assert saved.body.writer.role == "copy"


def test_a_save_does_not_wait_for_ever(bench: Bench, facts: "Facts") -> None:
    bench.told_until_ns = AT
    began = monotonic()
    bench.intake.put_files(b"/srv/ws", [facts.saved(after_ns=2_000_000)])
    bench.keeper.start()

    assert bench.kept.wait(10)

    assert monotonic() - began >= WRITER_SECONDS_MAX
    (saved,) = bench.finish()
    assert isinstance(saved.body, FileSaved)
    assert saved.body.writer.role == "unknown"


def test_events_stand_in_the_order_of_time_whatever_source_they_are_from(
    bench: Bench, facts: "Facts"
) -> None:
    bench.intake.put_files(b"/srv/ws", [facts.saved(after_ns=20), facts.saved(after_ns=40)])
    bench.intake.put_processes(
        [facts.executed("a", exe=b"/a", pid=pid, after_ns=pid) for pid in (10, 30, 50)]
    )

    times = [event.time for event in bench.finish()]

    assert times == sorted(times)


def test_life_is_noted_only_up_to_what_is_kept_or_told(bench: Bench, facts: "Facts") -> None:
    bench.told_until_ns = AT + 77
    bench.intake.put_processes([facts.executed("a", exe=b"/a", after_ns=5)])

    bench.keeper.keep_once()

    assert bench.store.database.execute("SELECT alive_ns FROM starts").fetchone() == (AT + 77,)


def test_a_heartbeat_comes_when_it_is_due(bench: Bench) -> None:
    pulse = Pulse(0.001, lambda: Statement(MonitorHeartbeat(), AT))
    threading.Event().wait(0.002)

    assert [statement.body for statement in pulse.due()] == [MonitorHeartbeat()]
    assert bench.pulse.due() == []


def test_a_failing_spool_ends_the_keeper_and_lets_go_of_the_sources(
    bench: Bench, facts: "Facts", monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_drafts: list[Draft], _alive_ns: int) -> None:
        raise CannotKeep("disk I/O error")

    monkeypatch.setattr(bench.store.spool, "keep", fail)
    bench.intake.put_processes([facts.executed("a", exe=b"/a")])
    bench.keeper.start()
    bench.keeper.join(10)

    assert isinstance(bench.keeper.failure, CannotKeep)
    assert bench.intake.closed
    assert bench.kept.is_set()


def test_what_found_no_room_is_known_to_the_reporter(
    bench: Bench, facts: "Facts", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.store.spool, "keep", lambda drafts, _alive_ns: drafts)
    bench.intake.put_files(b"/srv/ws", [facts.saved()])
    bench.keeper.keep_once()
    monkeypatch.undo()

    bench.intake.put_files(b"/srv/ws", [facts.saved(content=None, omitted="unchanged")])

    (again,) = bench.finish()
    assert isinstance(again.body, FileSaved)
    assert again.body.omitted == "dropped"
