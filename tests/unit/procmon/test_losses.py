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
        Lost(
            stage="kernel",
            reason="ring_full",
            count=7,
            since_ns=150,
            until_ns=200,
            counter="ring_full",
            total=7,
        )
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


def test_what_an_earlier_process_told_of_the_same_counters_is_not_told_again() -> None:
    losses = Losses(100, {"ring_full": 7, "rate_limited 1 0": 3})
    (lost,) = losses.since_last(Counters(dropped_ring_full=9), 200)
    assert (lost.count, lost.total, lost.since_ns) == (2, 9, 100)


def test_only_what_the_kernel_counts_outlives_a_process() -> None:
    (lost,) = Losses(100).since_last(Counters(refused=1), 200)
    assert lost.counter == ""
