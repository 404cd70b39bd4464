from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.analytics.ingest.gaps import AGENTS_MAX, Ledger


def test_a_hole_is_missing_until_it_is_filled() -> None:
    ledger = Ledger()
    ledger.seen_events([("a", 1), ("a", 2), ("a", 5), ("b", 1)])
    assert ledger.missing == 2
    ledger.seen_events([("a", 4)])
    ledger.seen_events([("a", 3)])
    assert ledger.missing == 0


@given(st.permutations(range(1, 30)), st.integers(1, 10))
def test_the_order_of_arrival_does_not_matter(seqs: list[int], size: int) -> None:
    ledger = Ledger()
    for start in range(0, len(seqs), size):
        arrived = seqs[: start + size]
        ledger.seen_events([("a", seq) for seq in seqs[start : start + size]])
        assert ledger.missing == max(arrived) - len(arrived)


def test_what_was_stored_before_counts() -> None:
    ledger = Ledger()
    ledger.seen("a", 10, 8)
    ledger.seen_events([("a", 11)])
    assert ledger.missing == 2


def test_the_agent_silent_for_longest_is_forgotten_first() -> None:
    ledger = Ledger()
    for number in range(AGENTS_MAX + 1):
        ledger.seen(f"a{number}", 2, 1)
    assert ledger.missing == AGENTS_MAX
