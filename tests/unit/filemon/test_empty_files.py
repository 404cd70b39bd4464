"""An empty file is a save once it stays empty: most are, for a moment, the beginning of the next one."""

from typing import TYPE_CHECKING

from tests.unit.filemon.conftest import MOMENT_SECONDS

from jcode_watcher.filemon.changes import RENAMED
from jcode_watcher.filemon.wholeness import (
    AT_WORK_NS,
    EMPTY_CROWDED_SECONDS,
    EMPTY_FOUND_SECONDS,
    EMPTY_SECONDS,
)

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def test_an_empty_file_is_a_version_once_it_stays_so(saved: "Followed") -> None:
    saved.save("a.c", b"")
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == []
    saved.wait(EMPTY_SECONDS)
    assert saved.told() == ["closed a.c "]


def test_an_empty_file_that_got_its_name_by_a_rename_is_one_once_it_stays_so(saved: "Followed") -> None:
    (saved.root / "a.tmp").touch()
    saved.rename("a.tmp", "b.c")
    assert saved.told() == []
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == ["moved_in b.c "]


def test_an_empty_file_that_took_the_name_of_a_renamed_one_is_none_while_it_is_written_to(
    saved: "Followed",
) -> None:
    (saved.root / "b.c").touch()
    saved.hear(RENAMED, "a.tmp", to="b.c")
    saved.save("b.c", b"whole")
    saved.wait(MOMENT_SECONDS)
    assert saved.told() == ["closed b.c whole"]


def test_an_empty_file_that_was_about_to_be_written_to_is_none(saved: "Followed") -> None:
    saved.save("a.c", b"")
    (saved.root / "a.c").write_bytes(b"2")
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    saved.wait(EMPTY_SECONDS)
    assert saved.told() == ["closed a.c 2"]


def test_an_empty_file_is_none_while_its_writer_may_be_opening_it_again(saved: "Followed") -> None:
    saved.scheduler.at_work = True
    saved.save("a.c", b"")
    for _ in range(3):
        saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == []
    saved.scheduler.at_work = False
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == ["closed a.c "]


def test_an_empty_file_is_none_while_somebody_is_changing_it_whom_nobody_knows(saved: "Followed") -> None:
    saved.disk.writing = None
    saved.disk.locked = True
    saved.save("a.c", b"")
    for _ in range(3):
        saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == []
    saved.disk.locked = False
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == ["closed a.c "]


def test_an_empty_file_is_one_after_a_second_though_its_writer_is_at_work(saved: "Followed") -> None:
    saved.scheduler.at_work = True
    saved.save("a.c", b"")
    saved.real_ago_ns = AT_WORK_NS
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == ["closed a.c "]


def test_where_processes_wait_for_processors_an_empty_file_of_an_unknown_writer_waits_longer(
    saved: "Followed",
) -> None:
    saved.disk.writing = None
    saved.scheduler.crowded = True
    saved.save("a.c", b"")
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == []
    saved.wait(EMPTY_CROWDED_SECONDS)
    assert saved.told() == ["closed a.c "]


def test_an_empty_file_that_a_comparison_finds_right_after_a_change_waits_for_a_second(
    saved: "Followed",
) -> None:
    (saved.root / "a.c").write_bytes(b"")
    saved.compare()
    saved.wait(EMPTY_CROWDED_SECONDS)
    assert saved.told() == []
    saved.wait(EMPTY_FOUND_SECONDS)
    assert saved.told() == ["rescan a.c "]


def test_an_empty_file_that_a_comparison_finds_long_after_is_told_soon(saved: "Followed") -> None:
    saved.real_ago_ns = 2 * AT_WORK_NS
    (saved.root / "a.c").write_bytes(b"")
    saved.compare()
    saved.wait(EMPTY_SECONDS + MOMENT_SECONDS)
    assert saved.told() == ["rescan a.c "]
