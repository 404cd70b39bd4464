"""Who asks about a writer may be the last to let go of what that closed: it is never taken for the writer."""

import os
from typing import TYPE_CHECKING

from tests.unit.filemon.conftest import MOMENT_SECONDS

from jcode_watcher.filemon.changes import NO_PID
from jcode_watcher.filemon.facts import Saved

if TYPE_CHECKING:
    from tests.unit.filemon.conftest import Followed


def pids_told(followed: "Followed") -> dict[str, int]:
    return {os.fsdecode(fact.path): fact.pid for fact in followed.facts if isinstance(fact, Saved)}


def test_a_close_that_seems_to_be_ours_is_that_of_the_writer_we_asked_about(saved: "Followed") -> None:
    writer = saved.pid
    saved.save("a.c", b"2")
    saved.pid = os.getpid()
    saved.save("a.c", b"3")
    saved.save("b.c", b"1")  # The writer had both open when it was asked about.
    saved.wait(MOMENT_SECONDS)
    assert pids_told(saved) == {"a.c": writer, "b.c": writer}


def test_a_close_that_seems_to_be_ours_is_nobodys_where_several_were_asked_about(saved: "Followed") -> None:
    for saved.pid in (7, 8):
        saved.save(f"{saved.pid}.c", b"2")
    saved.pid = os.getpid()
    saved.save("8.c", b"3")
    saved.save("c.c", b"1")
    saved.wait(MOMENT_SECONDS)
    assert pids_told(saved) == {"7.c": 7, "8.c": 8, "c.c": NO_PID}


def test_a_close_of_ours_is_ours_where_nobody_was_asked_about_just_before(followed: "Followed") -> None:
    followed.pid = os.getpid()
    followed.save("a.c", b"1")
    assert pids_told(followed) == {"a.c": os.getpid()}


def test_of_a_writer_whose_file_was_gone_before_it_could_be_asked_about_no_question_is_known(
    saved: "Followed",
) -> None:
    for saved.pid, name in ((7, "7.c"), (8, "8.c")):
        saved.save(name, b"2")
        saved.follower._asked._questions.clear()
    saved.disk.stale.add(saved.disk.key_of("7.c"))
    saved.pid = 7
    saved.save("7.c", b"3")
    assert not saved.follower._asked._questions
    saved.pid = 8
    saved.save("8.c", b"3")
    assert {question.pid for question in saved.follower._asked._questions} == {8}
