"""A spool that is full: what is dropped is counted and told, and the limit holds."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.disks import take_all_room
from tests.unit.agent.spool.saves import AT, draft, fill, numbers

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.reporting.statements import unwatched
from jcode_watcher.agent.spool import KnownFiles, begin
from jcode_watcher.agent.spool.mark import FILE_NAME as MARK
from jcode_watcher.agent.spool.mark import read_mark
from jcode_watcher.events import decode_event, moment
from jcode_watcher.events.monitor import MonitorGap

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores


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
    assert (gap.reason, gap.count) == ("spool_full", 4)
    assert gap.since <= moment(second.before.alive_ns)
    assert gap.since <= moment(AT + 99_001)
    assert gap.until == moment(AT + 10**12)


def gaps(store: "Store") -> list[MonitorGap]:
    """Give the gaps that are kept once all that waited is delivered, and the time they begin."""
    store.outbox.settle(store.outbox.oldest(10_000, 1 << 30), {})
    store.spool.keep([], AT)
    bodies = [decode_event(event.json).body for event in store.outbox.oldest(10, 1 << 20)]
    return [body for body in bodies if isinstance(body, MonitorGap)]


def killed_full(stores: "Stores") -> "Store":
    """Give a start after one that was killed when it had dropped three events."""
    first = stores.open("a1", bytes_max=512 * 1024)
    fill(first)
    first.spool.keep([draft(99_001), draft(99_002)], AT)
    return stores.open("a2", bytes_max=512 * 1024)


def test_what_a_killed_start_dropped_is_stated_by_the_next_that_has_room(stores: "Stores") -> None:
    second = killed_full(stores)

    (gap,) = gaps(second)

    assert (gap.reason, gap.count, gap.until) == ("spool_full", 3, moment(AT + 99_002))
    assert second.spool.dropped == {}


def test_it_is_stated_once(stores: "Stores") -> None:
    assert len(gaps(killed_full(stores))) == 1
    third = stores.open("a3", bytes_max=512 * 1024)

    assert gaps(third) == []


def test_several_killed_starts_are_counted_together(stores: "Stores") -> None:
    second = killed_full(stores)
    second.spool.keep([draft(99_003, "x" * 5_000)], AT)
    stores.open("a3", bytes_max=512 * 1024)
    fourth = stores.open("a4", bytes_max=512 * 1024)

    assert [gap.count for gap in gaps(fourth)] == [4]


def test_where_a_killed_start_left_no_count_there_is_none(stores: "Stores", tmp_path: Path) -> None:
    first = stores.open("a1", bytes_max=512 * 1024)
    fill(first)
    (tmp_path / MARK).unlink()
    second = stores.open("a2", bytes_max=512 * 1024)
    second.spool.keep([draft(99_003, "x" * 5_000)], AT)

    assert [gap.count for gap in gaps(second)] == [None]
    assert fill(second) > 0
    assert [gap.count for gap in gaps(second)] == [1]


def test_a_start_that_left_no_mark_hides_what_those_before_it_dropped(
    stores: "Stores", tmp_path: Path
) -> None:
    second = killed_full(stores)
    mark = (tmp_path / MARK).read_bytes()
    begin(second.database, "without", AT)
    third = stores.open("a3", bytes_max=512 * 1024)

    assert mark != (tmp_path / MARK).read_bytes()
    assert [gap.count for gap in gaps(third)] == [None]


def test_on_a_disk_without_any_room_the_mark_is_written(small_disk: Path, stores: "Stores") -> None:
    with ExitStack() as stack:
        first = type(stores)(small_disk, stack).open("a1")
        first.reserve.release()
        take_all_room(small_disk)
        for number in range(5):
            assert first.spool.keep([draft(number, "x" * 5_000)], AT)

        mark = read_mark(small_disk)

        assert mark is not None
        assert mark.dropped == (5, AT, AT + 4)


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
