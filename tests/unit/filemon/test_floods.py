"""What one workspace brings without end takes nothing from another, and is right in the end."""

import os
from typing import TYPE_CHECKING

import pytest

from jcode_watcher.filemon.changes import (
    CLOSED,
    COMPARE,
    CREATED,
    DELETED,
    MODIFIED,
    OF_FOLDER,
    RENAMED,
    Cause,
    Change,
)
from jcode_watcher.filemon.counters import Tally
from jcode_watcher.filemon.facts import FileState, Missed, Saved
from jcode_watcher.filemon.floods import SECONDS_MAX, SECONDS_MIN
from jcode_watcher.filemon.reading import Reading
from jcode_watcher.filemon.recovering import AHEAD_SECONDS
from jcode_watcher.filemon.shares import (
    NAME_COST,
    SHARE_MAX,
    SHARE_MAX_BEHIND,
    SHARE_PER_SECOND,
    Shares,
)
from jcode_watcher.filemon.telling import Teller
from jcode_watcher.filemon.tree import Tree

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


@pytest.fixture
def flooded(followed: "Followed") -> "Followed":
    """The first of two students has used up what is told of a workspace."""
    for workspace in ("os-1-1", "os-1-2"):
        (followed.root / workspace / "d").mkdir(parents=True)
    for name in ("os-1-1/a.c", "os-1-1/d/b.c", "os-1-2/a.c"):
        (followed.root / name).write_bytes(b"1")
    followed.compare()
    followed.facts.clear()
    overdraw(followed, "os-1-1")
    return followed


def overdraw(followed: "Followed", workspace: str) -> None:
    shares = followed.follower._shares
    shares.now = followed.now
    shares.charge(os.fsencode(workspace) + b"/any.c", SHARE_MAX + SHARE_PER_SECOND)


def test_what_a_flooded_workspace_brings_is_found_when_the_flood_is_over_and_a_gap_is_told(
    flooded: "Followed",
) -> None:
    flooded.save("os-1-1/a.c", b"2")
    flooded.delete("os-1-1/d/b.c")
    (flooded.root / "os-1-1" / "new").mkdir()
    flooded.hear(CREATED | OF_FOLDER, "os-1-1/new")
    flooded.save("os-1-1/new/c.c", b"3")
    assert flooded.told() == []
    flooded.wait(SECONDS_MIN + 1)

    told = flooded.told()
    assert told[0] == "missed workspace_flood"
    assert sorted(told[1:]) == ["rescan os-1-1/a.c 2", "rescan os-1-1/d/b.c", "rescan os-1-1/new/c.c 3"]
    flooded.save("os-1-1/new/c.c", b"4")
    assert flooded.told() == ["closed os-1-1/new/c.c 4"]


def test_what_waited_when_a_flood_began_is_not_looked_at_until_it_is_over(flooded: "Followed") -> None:
    flooded.follower._shares._full_at.clear()
    (flooded.root / "os-1-1" / "a.c").write_bytes(b"2")
    flooded.hear(MODIFIED, "os-1-1/a.c")
    overdraw(flooded, "os-1-1")
    flooded.hear(MODIFIED, "os-1-1/a.c")
    flooded.now += SECONDS_MIN
    flooded.follower.settle(flooded.now)
    assert flooded.told() == []
    flooded.wait(1)

    assert flooded.told() == ["missed workspace_flood", "rescan os-1-1/a.c 2"]


def test_a_workspace_that_is_compared_is_not_listed_besides_when_something_is_heard_of_it(
    flooded: "Followed",
) -> None:
    for number in range(100):
        (flooded.root / "os-1-1" / "d" / f"{number}.c").write_bytes(bytes(900))
    flooded.save("os-1-1/a.c", b"2")
    flooded.now += SECONDS_MIN + 1
    flooded.follower.settle(flooded.now)
    flooded.save("os-1-1/d/b.c", b"2")
    flooded.follower.compare(flooded.now)
    assert not flooded.follower.scanner.busy
    flooded.finish()
    assert len(flooded.kept()) == 102


def test_another_workspace_misses_nothing_meanwhile(flooded: "Followed") -> None:
    for number in range(10):
        flooded.save("os-1-1/a.c", b"2")
        flooded.save(f"os-1-2/{number}.c", b"1")

    assert flooded.told() == [f"closed os-1-2/{number}.c 1" for number in range(10)]
    assert flooded.follower.tally.flooded == 10


def test_a_folder_of_many_files_that_is_renamed_without_end_costs_a_few_facts(followed: "Followed") -> None:
    files = 300
    (followed.root / "os-1-1" / "d").mkdir(parents=True)
    for number in range(files):
        (followed.root / "os-1-1" / "d" / f"{number}.c").write_bytes(b"1")
    followed.compare()
    names = ["os-1-1/d", "os-1-1/e"]
    for _ in range(500):
        followed.rename_folder(*names)
        names.reverse()
        followed.wait(0.002)
    followed.wait(SECONDS_MAX)
    followed.wait(1)

    assert len(followed.facts) <= SHARE_MAX / NAME_COST + 6 * files
    assert followed.kept() == {f"{names[0]}/{number}.c": b"1" for number in range(files)}


@pytest.mark.parametrize("where", ["", "os-1-1"], ids=["the root itself", "a workspace"])
def test_what_was_told_before_a_flood_and_is_found_the_same_is_no_news(
    flooded: "Followed", where: str
) -> None:
    overdraw(flooded, where) if where else flooded.follower._shares.charge(b"a.c", SHARE_MAX + 100)
    (flooded.root / where / "x.c").write_bytes(b"x")
    flooded.hear(CREATED, f"{where}/x.c".lstrip("/"))
    assert flooded.told() == []
    flooded.wait(SECONDS_MIN + 1)

    assert flooded.told() == ["missed workspace_flood", f"rescan {where}/x.c x".replace(" /", " ")]


@pytest.mark.parametrize(
    "rename", [("os-1-1/d", "os-1-2/e"), ("os-1-2/d", "os-1-1/e"), ("os-1-1", "os-1-3")], ids=" to ".join
)
def test_what_is_moved_into_or_out_of_a_flood_ends_where_it_is(
    flooded: "Followed", rename: tuple[str, str]
) -> None:
    (flooded.root / "os-1-2" / "d" / "c.c").write_bytes(b"2")
    flooded.follower.begin(1)
    flooded.finish()
    overdraw(flooded, "os-1-1")
    flooded.save("os-1-1/a.c", b"3")
    flooded.rename_folder(*rename)
    flooded.wait(SECONDS_MIN + 1)
    flooded.wait(1)

    on_disk = {str(path.relative_to(flooded.root)): path.read_bytes() for path in flooded.root.rglob("*.c")}
    known = {
        os.fsdecode(file.path): file.state.sha256
        for file in flooded.follower.tree.files_under(flooded.follower.tree.root)
        if file.state
    }
    assert known.keys() == on_disk.keys()
    assert not flooded.follower._ledger.tree.unconfirmed


def test_what_it_has_become_is_told_no_faster_than_a_workspace_may(flooded: "Followed") -> None:
    for number in range(300):
        (flooded.root / "os-1-1" / f"{number}.c").write_bytes(b"1")
    flooded.hear(CREATED, "os-1-1/0.c")
    flooded.now += SECONDS_MIN + 1
    flooded.follower.settle(flooded.now)
    flooded.facts.clear()
    for step in range(20):
        while flooded.follower.next_due() <= flooded.now:
            flooded.follower.compare(flooded.now)
        assert len(flooded.facts) <= step * 0.01 * SHARE_PER_SECOND + AHEAD_SECONDS * SHARE_PER_SECOND + 1
        flooded.now += 0.01
    flooded.finish()

    assert len(flooded.told()) == 300


def test_new_folders_of_others_are_looked_into_before_that(flooded: "Followed") -> None:
    flooded.save("os-1-1/a.c", b"2")
    flooded.now += SECONDS_MIN + 1
    flooded.follower.settle(flooded.now)
    flooded.facts.clear()
    (flooded.root / "node_modules").mkdir()
    (flooded.root / "os-1-2" / "d").rename(flooded.root / "node_modules" / "d")
    (flooded.root / "node_modules" / "d" / "b.c").write_bytes(b"1")
    (flooded.root / "node_modules" / "d").rename(flooded.root / "os-1-2" / "new")
    flooded.hear(RENAMED | OF_FOLDER, "node_modules/d", flooded.disk.key_of("os-1-2/new"), to="os-1-2/new")
    while flooded.follower.scanner.busy:
        flooded.follower.compare(flooded.now)

    assert flooded.told() == ["moved_in os-1-2/new/b.c 1"]


def test_while_the_disk_does_not_answer_nothing_is_due(flooded: "Followed") -> None:
    flooded.save("os-1-1/a.c", b"2")
    flooded.follower.lose_sight()
    flooded.now += SECONDS_MAX
    flooded.follower.settle(flooded.now)
    assert flooded.told() == []
    assert flooded.follower.next_due() > flooded.now
    flooded.follower.follow(Change(COMPARE, 0, b"", b"", b""), 1, flooded.now)
    flooded.finish()

    assert flooded.told() == ["missed workspace_flood", "rescan os-1-1/a.c 2", "missed no_answer"]


def test_what_is_done_once_however_large_is_paid_back_in_a_second(flooded: "Followed") -> None:
    flooded.now += 1
    flooded.save("os-1-1/a.c", b"2")
    assert flooded.told() == ["closed os-1-1/a.c 2"]


def test_a_move_or_a_deletion_uses_up_as_much_as_ten_versions(followed: "Followed") -> None:
    def left() -> float:
        return followed.follower._shares.left(b"os-1-1")

    (followed.root / "os-1-1").mkdir()
    followed.compare()
    for number in range(300):
        followed.save(f"os-1-1/{number}.c", b"1")
    assert left() == pytest.approx(SHARE_MAX - 300, abs=0.01)
    followed.rename("os-1-1/0.c", "os-1-1/x.c")
    followed.delete("os-1-1/x.c")
    assert left() == pytest.approx(SHARE_MAX - 300 - 2 * NAME_COST, abs=0.01)


@pytest.mark.parametrize(("length", "cost"), [(0, 1), (1_023, 1), (1_024, 2), (1 << 20, 1_025)])
def test_of_a_large_file_each_kibibyte_counts_as_a_version(length: int, cost: int) -> None:
    shares = Shares()
    reading = Reading(FileState(b"key", length, 0, 0, None), bytes(length), None)
    Teller(lambda _: None, Tree(b"root", lambda _: False), shares, Tally()).saved(
        b"a.c", reading, None, "closed", Cause(1, 1)
    )
    assert shares.left(b"") == pytest.approx(SHARE_MAX - cost, abs=0.01)


def test_a_workspace_that_is_removed_after_it_brought_too_much_is_forgotten_once_that_is_paid_back(
    followed: "Followed",
) -> None:
    for workspace in ("os-1-1", "os-1-2"):
        (followed.root / workspace).mkdir()
        followed.hear(CREATED | OF_FOLDER, workspace)
    overdraw(followed, "os-1-1")
    key = followed.disk.key_of("os-1-1")
    (followed.root / "os-1-1").rmdir()
    followed.hear(DELETED | OF_FOLDER, "os-1-1", key)
    followed.save("os-1-2/a.c", b"1")
    assert followed.follower._shares.overdrawn == {b"os-1-1"}
    followed.wait(60)
    followed.save("os-1-2/a.c", b"2")
    assert not followed.follower._shares.overdrawn


def test_while_others_wait_a_workspace_may_bring_less(followed: "Followed") -> None:
    (followed.root / "os-1-1").mkdir()
    followed.compare()
    followed.follower._shares.now = followed.now
    followed.follower._shares.charge(b"os-1-1/any.c", SHARE_MAX_BEHIND)
    for number, (behind, is_told) in enumerate(((False, True), (True, True), (True, False))):
        followed.follower.hurry(behind=behind)
        followed.save(f"os-1-1/{number}.c", b"1")
        assert followed.told() == [f"closed os-1-1/{number}.c 1"] * is_told


def test_a_flood_is_told_when_the_monitor_ends_and_when_all_is_compared(flooded: "Followed") -> None:
    flooded.save("os-1-1/a.c", b"2")
    flooded.follower.end()
    assert flooded.told() == ["missed workspace_flood"]
    assert flooded.follower.resting


def test_of_files_that_change_places_nothing_is_told_as_from_before_that(followed: "Followed") -> None:
    for folder in ("d", "e"):
        (followed.root / folder).mkdir()
        (followed.root / folder / "a.c").write_bytes(b"0")
    followed.compare()
    (followed.root / "d" / "a.c").write_bytes(b"held open")
    followed.hear(MODIFIED, "d/a.c", time_ns=100)
    (followed.root / "e" / "a.c").write_bytes(b"saved")
    followed.hear(MODIFIED | CLOSED, "e/a.c", time_ns=500)
    for name, to in (("d", "t"), ("e", "d"), ("t", "e")):
        (followed.root / name).rename(followed.root / to)
    followed.hear(RENAMED | OF_FOLDER, "d", followed.disk.key_of("e"), to="e", time_ns=900)
    followed.hear(RENAMED | OF_FOLDER, "e", followed.disk.key_of("d"), to="d", time_ns=900)
    followed.finish()
    followed.wait(2)

    assert followed.kept() == {"d/a.c": b"saved", "e/a.c": b"held open"}


def test_what_a_comparison_finds_bears_the_time_of_the_finding(flooded: "Followed") -> None:
    (flooded.root / "os-1-1" / "a.c").write_bytes(b"2")
    flooded.hear(MODIFIED | CLOSED, "os-1-1/a.c", time_ns=100)
    flooded.follower.heard_until(700)
    flooded.wait(SECONDS_MIN + 1)

    gap, found = flooded.facts
    assert isinstance(gap, Missed)
    assert isinstance(found, Saved)
    assert (gap.until_ns, found.time_ns) == (100, 700)
