from jcode_watcher.filemon.pace import STRIDE_SECONDS, WAKES_IN_A_ROW, Pace


def test_a_single_save_is_listened_to_at_once_whenever_it_comes() -> None:
    pace = Pace()
    assert all(pace.pause_seconds(now) == 0 for now in (1.0, 1.01, 1.02, 5.0, 500.0))


def test_a_flood_is_taken_in_strides() -> None:
    pace = Pace()
    pauses = [pace.pause_seconds(1.0 + i * 0.0001) for i in range(200)]
    assert pauses[: int(WAKES_IN_A_ROW)] == [0] * int(WAKES_IN_A_ROW)
    assert pauses.count(STRIDE_SECONDS) > 150


def test_in_a_lasting_flood_every_wake_up_is_a_stride() -> None:
    pace, now = Pace(), 1.0
    while not pace.pause_seconds(now):
        pass
    for _ in range(1000):
        now += STRIDE_SECONDS
        assert pace.pause_seconds(now) == STRIDE_SECONDS


def test_promptness_returns_when_the_flood_is_over() -> None:
    pace = Pace()
    while not pace.pause_seconds(1.0):
        pass
    assert pace.pause_seconds(1.1) == 0
