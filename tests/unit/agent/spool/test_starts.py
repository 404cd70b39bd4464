"""What a start of the agent leaves to the next one: until when everything was kept."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.unit.agent.spool.saves import AT, draft, fill

from jcode_watcher.agent.spool import begin, connect

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores


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
