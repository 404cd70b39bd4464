"""The disk under the spool is full: what is kept can still be delivered, and then there is room again."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.disks import take_all_room

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool.reserve import RESERVE_BYTES
from jcode_watcher.agent.spool.room import SMALL_DISK_PART
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

AT = 1_750_000_000_000_000_000
EVENTS_IN_BATCH = 500


def fill(store: "Store") -> int:
    """Keep events until the disk takes no more; give how many were kept."""
    draft = Draft(AT, None, MonitorStopped(reason="x" * 1_000))
    while not store.spool.keep([draft] * EVENTS_IN_BATCH, AT):
        pass
    return store.level.events


def leave_no_room(disk: Path, store: "Store") -> Path:
    """Leave nothing of the disk, not even for a write-ahead log; give the file that has it all."""
    store.reserve.release()
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return take_all_room(disk)


def in_file(store: "Store") -> int:
    count: int = store.database.execute("SELECT COUNT(*) FROM events").fetchone()[0]
    return count


def drain(store: "Store") -> int:
    taken = 0
    while events := store.outbox.oldest(EVENTS_IN_BATCH, 1 << 20):
        store.outbox.settle(events, {})
        taken += len(events)
    return taken


def test_a_full_disk_is_drained_completely_and_accepts_again(small_disk: Path, stores: "Stores") -> None:
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open()
        kept = fill(store)

        assert drain(store) == kept > 1_000
        assert not store.spool.keep([Draft(AT, None, MonitorStopped())], AT)


def test_an_agent_starts_on_a_full_disk(small_disk: Path, stores: "Stores") -> None:
    with ExitStack() as stack:
        kept = fill(type(stores)(small_disk, stack).open())
    with ExitStack() as stack:
        again = type(stores)(small_disk, stack).open(agent="a2")

        assert again.before is not None
        assert drain(again) >= kept


def test_the_room_is_held_again_when_the_disk_has_plenty(tmp_path: Path, stores: "Stores") -> None:
    store = stores.open()
    store.reserve.release()
    store.spool.keep([Draft(AT, None, MonitorStopped())], AT)
    drain(store)

    assert (tmp_path / "reserve").stat().st_size == RESERVE_BYTES


def test_it_leaves_some_of_the_disk_alone(small_disk: Path, stores: "Stores") -> None:
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open()
        fill(store)
        room = shutil.disk_usage(small_disk)

        assert room.free > room.total // SMALL_DISK_PART // 2


def test_it_stays_full_until_much_is_free_again_and_says_so_all_the_time(
    small_disk: Path, stores: "Stores"
) -> None:
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open()
        fill(store)
        store.outbox.settle(store.outbox.oldest(20, 1 << 20), {})

        for _ in range(20):
            assert store.spool.keep([Draft(AT, None, MonitorStopped())], AT)
            assert store.spool.full
        drain(store)
        store.spool.keep([], AT)
        assert not store.spool.full


def test_all_is_delivered_once_where_nothing_can_be_taken_out_and_leaves_with_the_first_room(
    small_disk: Path, stores: "Stores"
) -> None:
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open()
        kept = fill(store)
        another = leave_no_room(small_disk, store)

        assert drain(store) == kept
        assert in_file(store) > 0
        assert store.level.events == 0
        another.unlink()
        assert store.outbox.oldest(EVENTS_IN_BATCH, 1 << 20) == []
        assert in_file(store) == 0


def test_what_was_refused_while_nothing_could_be_taken_out_is_set_aside_with_the_first_room(
    small_disk: Path, stores: "Stores"
) -> None:
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open()
        fill(store)
        another = leave_no_room(small_disk, store)
        events = store.outbox.oldest(3, 1 << 20)
        store.outbox.settle(events, {events[1].position: "bad"})

        another.unlink()
        store.outbox.oldest(3, 1 << 20)
        aside = store.database.execute("SELECT id, reason FROM quarantine").fetchall()
        assert aside == [(events[1].id, "bad")]


def test_what_comes_after_room_was_found_is_delivered_in_order(small_disk: Path, stores: "Stores") -> None:
    with ExitStack() as stack:
        store = type(stores)(small_disk, stack).open()
        fill(store)
        another = leave_no_room(small_disk, store)
        drain(store)
        another.unlink()
        drain(store)

        assert not store.spool.keep([Draft(AT, None, MonitorStopped(reason="later"))], AT)
        ids = [event.json for event in store.outbox.oldest(10, 1 << 20)]
        assert [b"spool_full" in ids[0], b"later" in ids[1]] == [True, True]
