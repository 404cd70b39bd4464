import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from jcode_watcher.agent.errors import CannotKeep
from jcode_watcher.agent.reporting.draft import Draft, FileChange
from jcode_watcher.agent.reporting.statements import unwatched
from jcode_watcher.agent.spool import KnownFiles, begin, connect, transaction
from jcode_watcher.events import decode_event, moment
from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.monitor import MonitorGap, MonitorStopped
from jcode_watcher.filemon.facts import FileState

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000
STATE = FileState(b"\x00h", 3, 1, 2, "c" * 64)


def draft(number: int = 0, content: str = "x") -> Draft:
    body = FileSaved(path=f"{number}.c", size=len(content), content=content, how="closed")
    return Draft(AT + number, None, body, (FileChange(b"/r", b"%d.c" % number, STATE),))


def numbers(store: "Store") -> list[int]:
    return [decode_event(event.json).seq for event in store.outbox.oldest(100_000, 1 << 30)]


def test_events_are_numbered_from_one_without_holes_over_batches(stores: "Stores") -> None:
    store = stores.open()

    for size in (3, 0, 1, 5):
        assert store.spool.keep([draft(number) for number in range(size)], AT) == ()

    assert numbers(store) == list(range(1, 10))
    first = decode_event(store.outbox.oldest(1, 1)[0].json)
    assert (first.id, first.agent, first.node, first.kind) == ("a1.1", "a1", "n1", "file.saved")


def test_what_was_kept_is_there_after_a_crash_and_what_was_not_is_not(stores: "Stores") -> None:
    store = stores.open()
    store.spool.keep([draft(1)], AT)
    store.database.execute("BEGIN IMMEDIATE")
    store.database.execute("DELETE FROM events")
    store.database.close()

    again = stores.open("a2")

    assert numbers(again) == [1]
    assert again.before is not None
    assert (again.before.agent, again.before.last_seq) == ("a1", 1)


def test_numbers_start_anew_with_each_start_and_ids_differ(stores: "Stores") -> None:
    stores.open("a1").spool.keep([draft()], AT)
    store = stores.open("a2")
    store.spool.keep([draft()], AT)

    assert [event.id for event in store.outbox.oldest(10, 1 << 20)] == ["a1.1", "a2.1"]


def test_file_states_become_known_together_with_their_events(stores: "Stores") -> None:
    store = stores.open()
    store.spool.keep([draft(1), draft(2)], AT)
    gone = Draft(AT, None, MonitorStopped(), (FileChange(b"/r", b"1.c", None),))
    store.spool.keep([gone], AT)

    assert list(KnownFiles(store.database).below(b"/r")) == [(b"2.c", STATE)]
    assert list(KnownFiles(store.database).below(b"/other")) == []


def fill(store: "Store") -> int:
    """Keep until something is dropped; give the number of events kept."""
    for number in range(10_000):
        if store.spool.keep([draft(number, "x" * 5_000)], AT + number):
            return number
    raise AssertionError("never full")


def test_a_full_spool_drops_counts_drains_and_takes_again_with_a_gap(stores: "Stores") -> None:
    store = stores.open(bytes_max=512 * 1024)
    kept = fill(store)
    assert store.spool.full
    assert store.spool.keep([draft(99_001), draft(99_002)], AT) != ()

    delivered = store.outbox.oldest(10_000, 1 << 30)
    store.outbox.settle(delivered, {})
    assert store.level.events == 0
    assert store.level.bytes == 0
    assert store.spool.keep([draft(99_003)], AT) == ()

    gap, after = (decode_event(event.json) for event in store.outbox.oldest(10, 1 << 20))
    assert isinstance(gap.body, MonitorGap)
    assert (gap.body.stage, gap.body.reason, gap.body.count) == ("spool", "spool_full", 3)
    assert gap.seq == kept + 1
    assert after.seq == kept + 2
    assert store.spool.dropped == {"file.saved": 3}


def test_the_time_without_an_agent_is_in_the_gap_of_a_spool_that_was_full_all_the_while(
    stores: "Stores",
) -> None:
    first = stores.open("a1", bytes_max=512 * 1024)
    fill(first)
    first.spool.keep([draft(99_001)], AT)
    second = stores.open("a2", bytes_max=512 * 1024)
    assert second.spool.keep([draft(99_002, "x" * 5_000)], AT) != ()
    assert second.before is not None
    (not_running,) = unwatched(second.before, "agent", AT + 10**12)
    assert second.spool.keep([Draft(AT + 10**12, None, not_running.body)], AT + 10**12) != ()

    second.outbox.settle(second.outbox.oldest(10_000, 1 << 30), {})
    second.spool.keep([], AT + 2 * 10**12)

    (gap,) = (decode_event(event.json).body for event in second.outbox.oldest(10, 1 << 20))
    assert isinstance(gap, MonitorGap)
    assert (gap.reason, gap.count) == ("spool_full", 2)
    assert gap.since <= moment(second.before.alive_ns)
    assert gap.since <= moment(AT + 99_001)
    assert gap.until == moment(AT + 10**12)


def test_a_full_spool_grows_no_file_and_states_its_gap_once(stores: "Stores", tmp_path: Path) -> None:
    store = stores.open(bytes_max=512 * 1024)
    fill(store)
    for number in range(50):
        store.spool.keep([draft(number, "x" * 5_000)], AT)
    assert (tmp_path / "spool.sqlite3").stat().st_size <= 512 * 1024

    while store.level.events:
        store.outbox.settle(store.outbox.oldest(5, 1 << 20), {})
        store.spool.keep([], AT)

    assert store.spool.kept["monitor.gap"] == 1


def test_a_file_that_grew_under_a_larger_limit_is_not_filled_beyond_a_smaller_one(stores: "Stores") -> None:
    first = stores.open("a1", bytes_max=2 * 1024 * 1024)
    fill(first)
    first.outbox.settle(first.outbox.oldest(10_000, 1 << 30), {})
    second = stores.open("a2", bytes_max=512 * 1024)

    fill(second)

    assert 256 * 1024 < second.level.bytes < 512 * 1024


def test_what_waits_beyond_a_smaller_limit_is_delivered_before_more_is_kept(stores: "Stores") -> None:
    first = stores.open("a1", bytes_max=2 * 1024 * 1024)
    kept = fill(first)
    second = stores.open("a2", bytes_max=512 * 1024)
    assert second.spool.keep([draft(1)], AT) != ()

    delivered = second.outbox.oldest(10_000, 1 << 30)
    second.outbox.settle(delivered, {})

    assert len(delivered) == kept
    assert second.spool.keep([draft(2)], AT) == ()


def test_the_states_of_dropped_saves_stay_unknown(stores: "Stores") -> None:
    store = stores.open(bytes_max=512 * 1024)
    kept = fill(store)

    assert len(list(KnownFiles(store.database).below(b"/r"))) == kept


def test_of_a_batch_that_does_not_fit_the_part_that_fits_is_kept(stores: "Stores") -> None:
    store = stores.open(bytes_max=512 * 1024)
    batch = [draft(number, "x" * 5_000) for number in range(200)]

    dropped = store.spool.keep(batch, AT)

    assert 0 < len(dropped) < 200
    assert numbers(store) == list(range(1, 200 - len(dropped) + 1))
    assert store.level.events == 200 - len(dropped)


def alive(store: "Store") -> int:
    found: int = store.database.execute("SELECT alive_ns FROM starts WHERE agent = 'a1'").fetchone()[0]
    return found


def test_life_is_noted_and_never_goes_back(stores: "Stores") -> None:
    store = stores.open()

    store.spool.keep([], AT + 10)
    store.spool.keep([], 0)

    assert alive(store) == AT + 10


def test_life_is_not_noted_beyond_what_was_dropped_until_the_gap_is_kept(stores: "Stores") -> None:
    store = stores.open(bytes_max=512 * 1024)
    fill(store)
    before = alive(store)

    store.spool.keep([draft(1)], AT + 10**12)
    assert alive(store) == before
    store.outbox.settle(store.outbox.oldest(10_000, 1 << 30), {})
    store.spool.keep([], AT + 10**12)

    assert alive(store) == AT + 10**12


def test_where_the_start_before_is_not_known_the_time_since_is_unwatched_until_something_is_kept(
    tmp_path: Path,
) -> None:
    database = connect(tmp_path, 1 << 20)
    begin(database, "a1", AT, AT - 5)

    second = begin(database, "a2", AT + 1)

    database.close()
    assert second is not None
    assert second.alive_ns == AT - 5


def test_a_start_that_kept_nothing_leaves_the_time_before_it_unwatched(stores: "Stores") -> None:
    stores.open("a1").spool.keep([draft()], AT + 5)
    stores.open("a2")

    third = stores.open("a3")

    assert third.before is not None
    assert (third.before.agent, third.before.alive_ns, third.before.last_seq) == ("a2", AT + 5, 0)


def test_a_failing_disk_is_no_full_one(stores: "Stores") -> None:
    store = stores.open()
    with pytest.raises(CannotKeep, match="no such table"), transaction(store.database) as database:
        database.execute("INSERT INTO nowhere VALUES (1)")


KEEPER = """
import sys
from pathlib import Path
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool import Level, Spool, begin, connect
from jcode_watcher.events.monitor import MonitorStopped
database = connect(Path(sys.argv[1]), 1 << 26)
now = 1_750_000_000_000_000_000
begin(database, "victim", now)
spool = Spool(database, "victim", "n1", Level(database))
while True:
    spool.keep([Draft(now, None, MonitorStopped())] * 7, now)
    print(spool.seq, flush=True)
"""


def test_what_was_kept_before_a_kill_is_there_without_a_hole(stores: "Stores", tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        told = [int(victim.stdout.readline()) for _ in range(30)]
        os.kill(victim.pid, signal.SIGKILL)
        told += [int(line) for line in victim.stdout.read().splitlines()]

    store = stores.open("next")

    there = numbers(store)
    assert there == list(range(1, len(there) + 1))
    assert len(there) >= told[-1]
    assert store.before is not None
    assert store.before.last_seq == len(there)


def test_it_is_as_durable_as_it_says(stores: "Stores") -> None:
    database = stores.open().database

    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_event_is_kept_as_the_contract_wants_it(stores: "Stores") -> None:
    store = stores.open()
    store.spool.keep([draft(1, '"\x01\u3042\\')], AT)

    body = decode_event(store.outbox.oldest(1, 1)[0].json).body

    assert isinstance(body, FileSaved)
    assert body.content == '"\x01\u3042\\'
    assert msgspec.json.decode(store.outbox.oldest(1, 1)[0].json)["seq"] == 1


READ = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(database.execute("SELECT COUNT(*) FROM events").fetchone()[0])
database.close()
"""


def read_by_another_program(folder: Path) -> int:
    command = [sys.executable, "-c", READ, str(folder / "spool.sqlite3")]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


def test_another_program_that_reads_the_spool_takes_nothing_away(stores: "Stores", tmp_path: Path) -> None:
    store = stores.open()
    store.spool.keep([draft(1)], AT)
    assert read_by_another_program(tmp_path) == 1
    store.spool.keep([draft(2)], AT)
    assert read_by_another_program(tmp_path) == 2
