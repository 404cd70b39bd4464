from collections.abc import Sequence

import pytest

from jcode_watcher.filemon import outbox as module
from jcode_watcher.filemon.facts import Fact, FileState, Missed, Saved
from jcode_watcher.filemon.outbox import Outbox


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
    assert outbox.delivered == 90
    outbox.flush()
    outbox.flush()
    assert [f for batch in batches for f in batch] == facts
    assert [len(batch) for batch in batches] == [10] * 9 + [5]
    assert outbox.delivered == 95


def test_a_batch_ends_where_its_content_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_BYTES_MAX", 100)
    batches: list[Sequence[Fact]] = []
    outbox = Outbox(batches.append)
    for _ in range(6):
        outbox.put(saved(b"x" * 50))
    assert [len(batch) for batch in batches] == [2, 2, 2]


def test_what_the_receiver_raises_reaches_who_puts() -> None:
    def fail(_: Sequence[Fact]) -> None:
        raise ValueError("full")

    outbox = Outbox(fail)
    outbox.put(fact(1))
    with pytest.raises(ValueError, match="full"):
        outbox.flush()
    assert outbox.delivered == 0
