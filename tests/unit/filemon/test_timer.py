import select

import pytest

from jcode_watcher.filemon.timer import Timer


@pytest.fixture
def timer() -> Timer:
    return Timer()


def waited(timer: Timer) -> bool:
    return bool(select.select([timer], [], [], 10)[0])


def test_it_rings_once_after_a_time(timer: Timer) -> None:
    assert not timer.rang()
    timer.ring(0.01)
    assert waited(timer)
    assert timer.rang()
    assert not timer.rang()
    timer.close()


def test_it_rings_again_and_again_if_asked_to(timer: Timer) -> None:
    timer.ring(0.0, 0.01)
    for _ in range(3):
        assert waited(timer)
        assert timer.rang()
    timer.close()
    timer.close()
