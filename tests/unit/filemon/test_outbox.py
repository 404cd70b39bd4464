import threading
from collections.abc import Sequence

import pytest

from jcode_watcher.filemon import outbox as module
from jcode_watcher.filemon.facts import Fact, FileState, Missed, Saved
from jcode_watcher.filemon.outbox import Outbox, OutboxClosed


def fact(number: int) -> Fact:
    return Missed(reason="test", count=number, since_ns=0, until_ns=0)


def saved(content: bytes) -> Saved:
    state = FileState(b"1", len(content), 0, 0, None)
    return Saved(
        time_ns=0,
        pid=0,
        path=b"a.c",
        how="closed",
        size=len(content),
        sha256=None,
        content=content,
        omitted=None,
        previous_sha256=None,
        state=state,
    )


def test_facts_are_handed_over_in_order_and_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_FACTS_MAX", 10)
    batches: list[Sequence[Fact]] = []
    outbox = Outbox(batches.append)
    facts = [fact(i) for i in range(95)]
    for each in facts:
        outbox.put(each)
    outbox.end()
    outbox.run()
    assert [f for batch in batches for f in batch] == facts
    assert max(map(len, batches)) == 10
    assert outbox.delivered == 95
    assert outbox.queued == (0, 0)


def test_a_batch_ends_where_its_content_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_BYTES_MAX", 100)
    batches: list[Sequence[Fact]] = []
    outbox = Outbox(batches.append)
    for _ in range(6):
        outbox.put(saved(b"x" * 50))
    assert outbox.queued == (6, 300)
    outbox.end()
    outbox.run()
    assert [len(batch) for batch in batches] == [2, 2, 2]


@pytest.mark.parametrize(("limit", "value"), [("FACTS_MAX", 5), ("CONTENT_BYTES_MAX", 50)])
def test_who_puts_waits_while_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(module, limit, value)
    monkeypatch.setattr(module, "BATCH_FACTS_MAX", 1)
    held: list[int] = []
    delivered: list[Fact] = []

    def deliver(facts: Sequence[Fact]) -> None:
        held.append(outbox.queued[0])
        delivered.extend(facts)

    outbox = Outbox(deliver)
    receiver = threading.Thread(target=outbox.run)
    receiver.start()
    for _ in range(200):
        outbox.put(saved(b"x" * 10))
    outbox.end()
    receiver.join()
    assert len(delivered) == 200
    assert max(held) <= 5


def test_a_fact_larger_than_the_limit_still_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONTENT_BYTES_MAX", 10)
    delivered: list[Fact] = []
    outbox = Outbox(delivered.extend)
    outbox.put(saved(b"x" * 100))
    outbox.end()
    outbox.run()
    assert len(delivered) == 1


def test_where_the_receiver_failed_nothing_more_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FACTS_MAX", 2)

    def fail(_: Sequence[Fact]) -> None:
        raise ValueError("no room")

    outbox = Outbox(fail)
    outbox.put(fact(1))
    with pytest.raises(ValueError, match="no room"):
        outbox.run()
    with pytest.raises(OutboxClosed):
        outbox.put(fact(2))


def test_work_that_can_wait_is_told_to_when_a_quarter_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FACTS_MAX", 8)
    outbox = Outbox(print)
    for i in range(2):
        outbox.put(fact(i))
    assert not outbox.crowded
    outbox.put(fact(3))
    assert outbox.crowded
