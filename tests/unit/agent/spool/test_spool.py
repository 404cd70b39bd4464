from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.unit.agent.spool.saves import AT, STATE, draft, numbers

from jcode_watcher.agent.errors import CannotKeep
from jcode_watcher.agent.reporting.draft import Draft, FileChange
from jcode_watcher.agent.spool import KnownFiles, transaction
from jcode_watcher.events import decode_event
from jcode_watcher.events.file import FileSaved
from jcode_watcher.events.monitor import MonitorStopped

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Stores


def test_events_are_numbered_from_one_without_holes_over_batches(stores: "Stores") -> None:
    store = stores.open()

    for size in (3, 0, 1, 5):
        assert store.spool.keep([draft(number) for number in range(size)], AT) == ()

    assert numbers(store) == list(range(1, 10))
    first = decode_event(store.outbox.oldest(1, 1)[0].json)
    assert (first.id, first.agent, first.node, first.kind) == ("a1.1", "a1", "n1", "file.saved")


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


def test_a_failing_disk_is_no_full_one(stores: "Stores") -> None:
    store = stores.open()
    with pytest.raises(CannotKeep, match="no such table"), transaction(store.database) as database:
        database.execute("INSERT INTO nowhere VALUES (1)")


def test_an_event_is_kept_as_the_contract_wants_it(stores: "Stores") -> None:
    store = stores.open()
    store.spool.keep([draft(1, '"\x01\u3042\\')], AT)

    body = decode_event(store.outbox.oldest(1, 1)[0].json).body

    assert isinstance(body, FileSaved)
    assert body.content == '"\x01\u3042\\'
    assert msgspec.json.decode(store.outbox.oldest(1, 1)[0].json)["seq"] == 1
