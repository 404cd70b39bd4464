from jcode_watcher.filemon.budget import Budget


def test_so_much_is_done_at_once_and_then_so_much_a_second() -> None:
    now = [10.0]
    budget = Budget(400, 100, lambda: now[0])

    assert [budget.take() for _ in range(401)] == [True] * 400 + [False]
    now[0] += 1
    assert sum(budget.take() for _ in range(400)) == 100
    now[0] += 1_000
    assert sum(budget.take() for _ in range(800)) == 400


def test_what_costs_more_than_there_can_be_is_done_once_nothing_was_taken_for_long() -> None:
    now = [10.0]
    budget = Budget(400, 100, lambda: now[0])

    assert budget.take(1_000)
    assert not budget.take(1_000)
    now[0] += 4
    assert budget.take(1_000)
