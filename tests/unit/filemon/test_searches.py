from jcode_watcher.filemon.searches import AT_ONCE_MAX, PER_SECOND_MAX, Searches


def test_so_many_searches_come_at_once_and_then_so_many_a_second() -> None:
    now = [10.0]
    searches = Searches(lambda: now[0])

    assert [searches.take() for _ in range(AT_ONCE_MAX + 1)] == [True] * AT_ONCE_MAX + [False]
    now[0] += 1
    assert sum(searches.take() for _ in range(AT_ONCE_MAX)) == PER_SECOND_MAX
    now[0] += 1_000
    assert sum(searches.take() for _ in range(2 * AT_ONCE_MAX)) == AT_ONCE_MAX
