import pytest

from jcode_watcher.filemon.changes import Cause
from jcode_watcher.filemon.settling import QUIET_SECONDS, Settling, Why
from jcode_watcher.filemon.tree import File, Folder

FOLDER = Folder(None, b"", b"root", pruned=False)
CAUSE = Cause(7, 1)


def new_file() -> File:
    return File(FOLDER, b"a.c", b"1")


@pytest.mark.parametrize("why", list(Why))
def test_a_file_is_due_when_it_has_been_quiet_and_then_no_more(why: Why) -> None:
    settling, file = Settling(), new_file()
    settling.wait(file, why, CAUSE, now=10.0)
    due = 10.0 + QUIET_SECONDS[why]
    assert settling.next_due() == due
    assert list(settling.due(due - 0.001)) == []
    ((ready, waiting),) = settling.due(due)
    assert (ready, waiting.why, waiting.cause) == (file, why, CAUSE)
    assert list(settling.due(due + 100)) == []
    assert settling.next_due() is None


def test_each_write_begins_the_second_of_quiet_anew() -> None:
    settling, file = Settling(), new_file()
    for step in range(100):
        settling.wait(file, Why.WRITTEN, Cause(0, step), now=step * 0.5)
        assert list(settling.due(step * 0.5 + 0.4)) == []
    ((_, waiting),) = settling.due(99 * 0.5 + 1.0)
    assert waiting.cause.time_ns == 99


def test_what_is_settled_is_never_due() -> None:
    settling, file = Settling(), new_file()
    settling.wait(file, Why.CREATED, CAUSE, now=0.0)
    settled = settling.settle(file)
    assert settled is not None
    assert settled.why is Why.CREATED
    assert settling.settle(file) is None
    assert list(settling.due(100.0)) == []


def test_an_earlier_moment_counts_at_once() -> None:
    settling, file = Settling(), new_file()
    settling.wait(file, Why.WRITTEN, CAUSE, now=0.0)
    settling.wait(file, Why.DISPLACED, CAUSE, now=0.0)
    ((_, waiting),) = settling.due(0.2)
    assert waiting.why is Why.DISPLACED
    assert list(settling.due(5.0)) == []


def test_a_storm_of_saves_on_one_file_leaves_nothing_behind() -> None:
    settling, file = Settling(), new_file()
    for step in range(10_000):
        settling.wait(file, Why.WRITTEN, CAUSE, now=step * 0.001)
        settling.settle(file)
        list(settling.due(step * 0.001))
    assert list(settling.due(1000.0)) == []
    assert settling.next_due() is None
    assert len(settling) == 0


def test_clearing_lets_nothing_wait() -> None:
    settling = Settling()
    settling.wait(new_file(), Why.WRITTEN, CAUSE, now=0.0)
    settling.clear()
    assert (len(settling), settling.next_due()) == (0, None)


def test_what_is_due_waits_until_it_has_been_looked_at() -> None:
    settling = Settling()
    for file in (new_file(), new_file()):
        settling.wait(file, Why.WRITTEN, CAUSE, now=0.0)
    assert [len(settling) for _ in settling.due(2.0)] == [2, 1]
    assert len(settling) == 0


def test_what_a_look_at_another_file_settled_is_not_due_any_more() -> None:
    settling, first, second = Settling(), new_file(), new_file()
    for file in (first, second):
        settling.wait(file, Why.WRITTEN, CAUSE, now=0.0)
    seen = []
    for thing, _ in settling.due(2.0):
        seen.append(thing)
        settling.settle(second)
    assert seen == [first]
