"""What was read right after a save may be the beginning of the next one: then it is no version."""

import time
from typing import TYPE_CHECKING

import pytest
from tests.unit.filemon.conftest import MOMENT_SECONDS

from jcode_watcher.filemon.changes import CLOSED, CREATED, DELETED, MODIFIED, NO_PID, RENAMED
from jcode_watcher.filemon.facts import Missed, Saved
from jcode_watcher.filemon.keeping import ASKED_IN_A_ROW, FRESH_SECONDS_MAX
from jcode_watcher.filemon.wholeness import (
    SLOWLY_NS,
    WRITING_NS,
)

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def test_what_its_writer_is_still_writing_is_no_version_and_counted(saved: "Followed") -> None:
    saved.disk.writing = True
    saved.save("a.c", b"half")
    assert saved.told() == []
    saved.disk.writing = False
    saved.save("a.c", b"whole")
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["closed a.c whole"]
    saved.follower.end()
    (gap,) = saved.facts
    assert isinstance(gap, Missed)
    assert (gap.reason, gap.count) == ("save_storm", 1)


@pytest.mark.parametrize("writing", [False, None], ids=["its writer closed it", "nobody knows of it"])
def test_all_has_to_be_heard_until_a_save_was_read_before_it_is_told(
    saved: "Followed", *, writing: bool | None
) -> None:
    saved.disk.writing = writing
    saved.save("a.c", b"2")
    saved.follower.settle(saved.now + MOMENT_SECONDS)
    assert saved.told() == []
    saved.wait(MOMENT_SECONDS + FRESH_SECONDS_MAX)
    assert saved.told() == ["closed a.c 2"]


def test_where_the_kernel_names_no_writer_all_has_to_be_heard_first(saved: "Followed") -> None:
    saved.pid = NO_PID
    saved.save("a.c", b"2")
    assert saved.told() == []
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["closed a.c 2"]


@pytest.mark.parametrize("what", [MODIFIED, MODIFIED | CLOSED])
def test_what_is_written_to_before_all_is_heard_was_half_and_is_counted(saved: "Followed", what: int) -> None:
    saved.disk.writing = None
    saved.save("a.c", b"half")
    saved.save("a.c", b"whole", what)
    assert saved.told() == []
    saved.wait(1.1)
    saved.wait(1.1)
    saved.follower.end()
    assert [fact.content for fact in saved.facts if isinstance(fact, Saved)] == [b"whole"]
    assert [fact.count for fact in saved.facts if isinstance(fact, Missed)] == [1]


def test_what_was_read_before_the_next_save_began_is_told_though_that_came_first(saved: "Followed") -> None:
    saved.save("a.c", b"2")
    saved.drains = True
    saved.save("a.c", b"3")
    assert saved.told() == ["closed a.c 2"]


def test_the_first_save_of_few_is_held_as_well(followed: "Followed") -> None:
    followed.real_ago_ns = 0
    followed.drains = False
    followed.save("a.c", b"half")
    followed.pid += 1
    followed.hear(MODIFIED, "a.c")
    followed.wait(MOMENT_SECONDS)
    assert followed.told() == []


def test_what_was_read_while_its_writer_had_closed_it_is_told_though_that_goes_on(saved: "Followed") -> None:
    saved.save("a.c", b"2")
    saved.hear(MODIFIED, "a.c")
    assert saved.told() == ["closed a.c 2"]


def test_of_many_saves_only_those_of_one_file_are_held(followed: "Followed") -> None:
    followed.real_ago_ns = 0
    followed.drains = False
    for number in range(int(ASKED_IN_A_ROW)):
        followed.save(f"{number}.c", b"1")
    assert followed.told() == []
    followed.save("a.c", b"1")
    assert followed.told() == ["closed a.c 1"]
    followed.save("a.c", b"2")
    assert followed.told() == []


def test_a_writer_that_takes_its_time_may_go_on_at_once(followed: "Followed") -> None:
    followed.real_ago_ns = 0
    followed.disk.writing = True
    (followed.root / "a.c").write_bytes(b"half")
    followed.hear(MODIFIED, "a.c", time_ns=1)
    followed.hear(MODIFIED | CLOSED, "a.c", time_ns=2 + SLOWLY_NS)
    assert followed.told() == []


def test_a_save_that_stays_unchanged_though_its_writer_has_it_open_is_told_as_held_open(
    saved: "Followed",
) -> None:
    saved.disk.writing = True
    (saved.root / "a.c").write_bytes(b"2")
    saved.real_ago_ns = WRITING_NS
    saved.hear(MODIFIED | CLOSED, "a.c")
    assert saved.told() == ["held_open a.c 2"]


def test_of_what_changed_since_its_close_the_writer_is_asked_about_however_long_ago_that_is(
    followed: "Followed",
) -> None:
    followed.disk.writing = True
    (followed.root / "a.c").write_bytes(b"half")
    followed.real_ago_ns = 30_000_000
    followed.hear(MODIFIED | CLOSED, "a.c", time_ns=1)
    assert followed.told() == ["held_open a.c half"]


def test_a_writer_that_stopped_for_a_moment_amid_a_save_is_not_done(saved: "Followed") -> None:
    saved.disk.writing = True
    (saved.root / "a.c").write_bytes(b"half")
    saved.real_ago_ns = 15_000_000
    saved.hear(MODIFIED | CLOSED, "a.c")
    assert saved.told() == []


@pytest.mark.parametrize("how", ["deleted", "moved", "moved out", "replaced", "its folder moved", "stopped"])
def test_a_save_is_told_before_its_file_leaves_its_path(saved: "Followed", how: str) -> None:
    (saved.root / "d").mkdir()
    saved.save("d/a.c", b"1")
    saved.save("b.c", b"other")
    saved.wait(MOMENT_SECONDS)
    saved.told()
    saved.disk.writing = None
    saved.save("d/a.c", b"2")
    match how:
        case "deleted":
            key = saved.disk.key_of("d/a.c")
            (saved.root / "d/a.c").unlink()
            saved.hear(DELETED, "d/a.c", key)
        case "moved":
            saved.rename("d/a.c", "d/b.c")
        case "moved out":
            saved.rename("d/a.c", "d/a.tmp")
        case "replaced":
            saved.rename("b.c", "d/a.c")
        case "its folder moved":
            saved.rename_folder("d", "e")
        case "stopped":
            saved.follower.heard_until(time.time_ns())
            saved.follower.end()
    assert saved.told()[0] == "closed d/a.c 2"


def test_a_save_that_is_told_after_its_file_was_renamed_is_followed_by_the_rename(saved: "Followed") -> None:
    saved.save("tmp.c", b"2")
    key = saved.disk.key_of("tmp.c")
    (saved.root / "tmp.c").rename(saved.root / "a.c")
    saved.wait(MOMENT_SECONDS)
    saved.hear(RENAMED, "tmp.c", key, to="a.c")
    assert saved.told() == ["closed tmp.c 2", "moved tmp.c a.c"]


def test_a_save_is_told_though_another_file_has_taken_its_name(saved: "Followed") -> None:
    saved.save("a.c", b"2")
    (saved.root / "a.tmp").write_bytes(b"3")
    (saved.root / "a.tmp").rename(saved.root / "a.c")
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["closed a.c 2"]


def test_what_a_comparison_finds_right_after_a_change_waits_for_what_is_heard(saved: "Followed") -> None:
    (saved.root / "a.c").write_bytes(b"half")
    assert saved.compare() == 0
    assert not saved.follower.compared
    saved.save("a.c", b"whole")
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["closed a.c whole"]
    assert saved.follower.compared


def test_what_a_comparison_finds_is_told_once_all_is_heard(saved: "Followed") -> None:
    (saved.root / "a.c").write_bytes(b"2")
    saved.compare()
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["rescan a.c 2"]
    assert saved.follower.scanner.changed == 1


def test_a_further_name_is_doubted_as_the_first_is(saved: "Followed") -> None:
    (saved.root / "b.c").hardlink_to(saved.root / "a.c")
    saved.hear(CREATED, "b.c")
    saved.told()
    saved.disk.writing = None
    saved.save("a.c", b"2", MODIFIED | CLOSED)
    assert saved.told() == []
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["closed a.c 2", "closed b.c 2"]
