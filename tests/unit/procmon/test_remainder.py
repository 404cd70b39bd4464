import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.procmon.conftest import DEFAULT_HEAD

from jcode_watcher.procmon.ledger import Cut
from jcode_watcher.procmon.record import Head, Kind
from jcode_watcher.procmon.remainder import told_by_both

ATTACHING, ATTACHED, SETTLED = 1_000, 1_500, 2_000
CUT = Cut(ATTACHING, ATTACHED, SETTLED)


def heads(*times: int, pid: int = 1, kind: Kind = Kind.EXECUTED) -> list[Head]:
    return [DEFAULT_HEAD._replace(boot_ns=time, pid=pid, kind=kind) for time in times]


def times(older: list[Head], newer: list[Head]) -> list[int]:
    return sorted(boot_ns for *_, boot_ns in told_by_both(older, newer, CUT))


def test_what_only_one_of_them_heard_is_told_by_it() -> None:
    assert times(heads(900, 1_100), heads(pid=2)) == []
    assert times(heads(1_100, pid=2), heads(1_101, pid=3)) == []
    assert times(heads(1_100), heads(1_101, kind=Kind.EXITED)) == []


def test_of_a_process_that_executes_again_and_again_what_the_newer_heard_first_is_found() -> None:
    assert times(heads(1_010, 1_020, 1_030), heads(1_021, 1_031)) == [1_020, 1_030]
    # However long the kernel was held up between the two programs.
    assert times(heads(1_010, 1_020, 1_400), heads(1_399, 1_401)) == [1_020, 1_400]


def test_what_happened_later_than_both_were_attached_is_no_repeat() -> None:
    assert times(heads(1_010), heads(2_001)) == []


@given(
    happened=st.lists(st.integers(900, 2_500), unique=True, max_size=30),
    heard_since=st.integers(ATTACHING, ATTACHED),
    heard_until=st.integers(SETTLED, 2_500),
    delay=st.integers(0, 40),
)
def test_each_is_told_once(happened: list[int], heard_since: int, heard_until: int, delay: int) -> None:
    happened = [10 * at for at in sorted(happened)]
    cut = Cut(10 * ATTACHING, 10 * ATTACHED, 10 * SETTLED)
    older = [at for at in happened if at <= 10 * heard_until]
    # The newer's program runs later, but before the process can do more; by the end both have run.
    following = [*happened, 10**6][1:]
    newer = [
        min(at + delay, after - 1, 10 * SETTLED if at <= 10 * ATTACHED else after)
        for at, after in zip(happened, following, strict=True)
        if at >= 10 * heard_since
    ]
    both = {at for *_, at in told_by_both(heads(*older), heads(*newer), cut)}
    told = [at for at in older if at <= cut.attached_ns and at not in both]
    assert len(told) + len(newer) == len(happened)
    assert told == [at for at in happened if at < 10 * heard_since]


@pytest.mark.parametrize("pid", [1, 2])
def test_processes_are_told_apart(pid: int) -> None:
    assert times(heads(1_010, pid=1), heads(1_011, pid=pid)) == ([1_010] if pid == 1 else [])
