from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.facts import Lost
from jcode_watcher.procmon.losses import Losses


def test_nothing_is_told_where_nothing_is_lost() -> None:
    assert Losses(100).since_last(Counters(seen=5, filtered=2, submitted=3), 200) == []


def test_each_loss_is_told_once_with_its_time() -> None:
    losses = Losses(100)
    losses.since_last(Counters(), 150)
    lost = Counters(dropped_ring_full=7)
    assert losses.since_last(lost, 200) == [
        Lost(stage="kernel", reason="ring_full", count=7, since_ns=150, until_ns=200)
    ]
    assert losses.since_last(lost, 300) == []
    (more,) = losses.since_last(Counters(dropped_ring_full=8), 400)
    assert (more.count, more.since_ns, more.until_ns) == (1, 300, 400)


def test_each_stage_and_reason_is_told_by_itself() -> None:
    told = Losses(0).since_last(Counters(dropped_ring_full=1, missed=2, refused=3), 1)
    assert {(lost.stage, lost.reason): lost.count for lost in told} == {
        ("kernel", "ring_full"): 1,
        ("kernel", "program_busy"): 2,
        ("decode", "bad_record"): 3,
    }
