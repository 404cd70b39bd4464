import os
import time
from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CLOSED, MODIFIED
from jcode_watcher.filemon.facts import Missed, Saved
from jcode_watcher.filemon.uncaught import TELL_SECONDS

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def test_fifty_saves_a_second_of_one_file_are_all_kept(followed: "Followed") -> None:
    for n in range(500):
        followed.save("a.c", b"%d" % n)
        followed.wait(0.02)
    assert followed.told() == [f"closed a.c {n}" for n in range(500)]


def test_in_a_storm_of_saves_fifty_a_second_are_kept_the_rest_is_counted_and_the_last_state_told(
    followed: "Followed",
) -> None:
    for n in range(5000):
        followed.save("a.c", b"%d" % n)
        followed.wait(0.001)
    followed.wait(2)
    kept = [fact for fact in followed.facts if isinstance(fact, Saved)]
    gaps = [fact for fact in followed.facts if isinstance(fact, Missed)]
    assert len(kept) >= 5 * 50
    assert (kept[-1].content, kept[-1].how) == (b"4999", "held_open")
    assert {gap.reason for gap in gaps} == {"save_storm"}
    closed = sum(fact.how == "closed" for fact in kept)
    assert closed + sum(gap.count or 0 for gap in gaps) == 5000
    assert followed.follower.tally.passed_over == 5000 - closed


def test_a_storm_on_one_file_takes_nothing_from_another(followed: "Followed") -> None:
    for n in range(300):
        followed.save("a.c", b"%d" % n)
    followed.told()
    followed.save("b.c", b"1")
    assert followed.told() == ["closed b.c 1"]


def test_a_save_that_has_a_moment_of_its_own_is_kept_also_after_a_storm(followed: "Followed") -> None:
    for n in range(150):
        followed.save("a.c", b"%d" % n)
    followed.told()
    followed.wait(0.03)
    assert followed.told() == ["held_open a.c 149"]
    followed.save("a.c", b"after")
    followed.wait(0.03)
    assert followed.told() == ["held_open a.c after"]


def test_what_was_passed_over_is_told_at_the_end_at_the_latest(followed: "Followed") -> None:
    for n in range(150):
        followed.save("a.c", b"%d" % n)
    followed.told()
    followed.follower.end()
    (gap,) = followed.facts
    assert getattr(gap, "count", 0) == 50


def test_a_save_that_was_read_when_a_later_one_was_there_is_counted_as_late(followed: "Followed") -> None:
    heard_ns = time.time_ns() - 1_000_000_000
    (followed.root / "a.c").write_bytes(b"2")
    followed.hear(MODIFIED | CLOSED, "a.c", time_ns=heard_ns)
    followed.hear(MODIFIED | CLOSED, "a.c")
    assert followed.told() == ["closed a.c 2"]
    followed.wait(TELL_SECONDS)
    (gap,) = followed.facts
    assert isinstance(gap, Missed)
    assert (gap.reason, gap.count, gap.since_ns, gap.until_ns) == ("late", 1, heard_ns, heard_ns)


def test_a_file_whose_times_were_set_is_not_taken_for_late(followed: "Followed") -> None:
    (followed.root / "a.c").write_bytes(b"1")
    in_a_day_ns = time.time_ns() + 86_400_000_000_000
    os.utime(followed.root / "a.c", ns=(in_a_day_ns, in_a_day_ns))
    followed.hear(MODIFIED | CLOSED, "a.c")
    followed.follower.end()
    assert followed.told() == ["closed a.c 1"]
