"""The disk under the spool is full: what is kept can still be delivered, and then there is room again."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.spool.reserve import RESERVE_BYTES
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
    store.outbox.settle([], {})

    assert (tmp_path / "reserve").stat().st_size == RESERVE_BYTES
