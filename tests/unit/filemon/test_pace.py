from jcode_watcher.filemon.pace import Pace


def exhausted(now: float) -> Pace:
    pace = Pace(200.0, 20.0)
    while pace.is_easy(now):
        pass
    return pace


def test_what_comes_now_and_then_is_easy_whenever_it_comes() -> None:
    pace = Pace(200.0, 20.0)
    assert all(pace.is_easy(now) for now in (1.0, 1.01, 1.02, 5.0, 500.0))


def test_of_a_flood_the_beginning_is_easy() -> None:
    pace = Pace(200.0, 20.0)
    easy = [pace.is_easy(1.0 + i * 0.0001) for i in range(200)]
    assert easy == [True] * 20 + [False] * 180


def test_in_a_lasting_flood_nothing_is_easy() -> None:
    pace, now = exhausted(1.0), 1.0
    for _ in range(1000):
        now += 0.003
        assert not pace.is_easy(now)


def test_all_is_easy_again_when_the_flood_is_over() -> None:
    assert exhausted(1.0).is_easy(1.1)
