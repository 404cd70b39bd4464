"""What one student does without end costs little, is counted, and takes nothing from another."""

import hashlib
import os
from typing import TYPE_CHECKING

from jcode_watcher.filemon.changes import CLOSED, CREATED, MODIFIED, RENAMED
from jcode_watcher.filemon.facts import Missed, Moved, Saved

if TYPE_CHECKING:
    import pytest
    from tests.unit.filemon.conftest import Followed

LINKS = 300


def looks_in(followed: "Followed", monkeypatch: "pytest.MonkeyPatch") -> list[bytes]:
    """Give the paths that are read from now on, one after the other."""
    looked: list[bytes] = []
    look = followed.disk.look

    def counted(key: bytes, path: bytes, links_max: int, bytes_max: int, writer_pid: int) -> object:
        looked.append(path)
        return look(key, path, links_max, bytes_max, writer_pid)

    monkeypatch.setattr(followed.disk, "look", counted)
    return looked


def link_all_before_any_is_heard_of(followed: "Followed") -> None:
    followed.save("0.c", b"1")
    for number in range(1, LINKS):
        os.link(followed.root / "0.c", followed.root / f"{number}.c")
    for number in range(1, LINKS):
        followed.hear(CREATED, f"{number}.c")


def test_each_of_many_links_is_read_a_few_times_and_all_end_with_the_content(
    followed: "Followed", monkeypatch: "pytest.MonkeyPatch"
) -> None:
    monkeypatch.setattr(
        followed.follower._ledger.reader.names_inside, "_search", None
    )  # no folder is searched
    looked = looks_in(followed, monkeypatch)
    link_all_before_any_is_heard_of(followed)
    followed.wait(1)

    last = {fact.path: fact.content for fact in followed.facts if isinstance(fact, Saved)}
    assert last == {b"%d.c" % number: b"1" for number in range(LINKS)}
    assert len(looked) <= 5 * LINKS


def test_saves_of_a_file_of_many_names_are_told_under_all_names_now_and_then_and_at_last(
    followed: "Followed", monkeypatch: "pytest.MonkeyPatch"
) -> None:
    link_all_before_any_is_heard_of(followed)
    followed.wait(1)
    followed.facts.clear()
    looked = looks_in(followed, monkeypatch)
    for number in range(2_000):
        followed.save("0.c", b"%d" % number, MODIFIED | CLOSED)
        followed.wait(0.001)
    followed.wait(1)
    followed.wait(1)

    last = {fact.path: fact.content for fact in followed.facts if isinstance(fact, Saved)}
    assert last == {b"%d.c" % number: b"1999" for number in range(LINKS)}
    assert len(looked) <= 20 * LINKS
    assert any(isinstance(fact, Missed) and fact.reason == "save_storm" for fact in followed.facts)


def test_names_that_come_while_others_wait_end_with_the_last_content_too(followed: "Followed") -> None:
    link_all_before_any_is_heard_of(followed)
    followed.wait(1)
    for number in range(100):
        followed.save("0.c", b"%d" % number, MODIFIED | CLOSED)
        os.link(followed.root / "0.c", followed.root / f"new{number}.c")
        followed.hear(CREATED, f"new{number}.c")
        followed.wait(0.03)
        (followed.root / f"{number + 1}.c").rename(followed.root / f"moved{number}.c")
        followed.hear(RENAMED, f"{number + 1}.c", followed.disk.key_of("0.c"), to=f"moved{number}.c")
    followed.save("0.c", b"last", MODIFIED | CLOSED)
    followed.wait(2)
    followed.wait(2)

    states = followed.follower.tree.names[followed.disk.key_of("0.c")]
    assert len(states) == LINKS + 100
    assert {file.state.sha256 for file in states if file.state} == {hashlib.sha256(b"last").hexdigest()}


def test_of_a_storm_of_saves_by_rename_few_are_told_and_the_rest_is_counted(followed: "Followed") -> None:
    for number in range(2_000):
        (followed.root / "a.tmp").write_bytes(b"%d" % number)
        key = followed.disk.key_of("a.tmp")
        (followed.root / "a.tmp").rename(followed.root / "a.c")
        if number < 1_999:
            # The next one has taken the name before this one is heard of.
            followed.disk.stale.add(key)
        followed.hear(RENAMED, "a.tmp", key, to="a.c")
        followed.disk.stale.discard(key)
        followed.wait(0.0001)
    followed.wait(2)

    told = [fact for fact in followed.facts if isinstance(fact, Saved)]
    counted = sum(fact.count or 0 for fact in followed.facts if isinstance(fact, Missed))
    assert told[-1].content == b"1999"
    assert len(told) <= 300
    assert counted >= 1_500


def test_the_facts_of_a_file_never_go_back_in_time(followed: "Followed") -> None:
    (followed.root / "a.c").write_bytes(b"1")
    followed.hear(MODIFIED | CLOSED, "a.c", time_ns=1)
    key = followed.disk.key_of("a.c")
    for time_ns, (name, to) in ((900, ("a.c", "b.c")), (300, ("b.c", "a.c"))):
        (followed.root / name).rename(followed.root / to)
        followed.hear(RENAMED, name, key, to=to, time_ns=time_ns)

    moves = [fact.time_ns for fact in followed.facts if isinstance(fact, Moved)]
    assert moves == [900, 900]


def test_that_saves_were_read_late_is_told(followed: "Followed") -> None:
    followed.follower.fell_behind(1, 5_000_000_000)

    assert followed.facts == [Missed(reason="late", count=None, since_ns=1, until_ns=5_000_000_000)]


def test_what_was_read_late_is_told_once_where_the_disk_did_not_answer_either(followed: "Followed") -> None:
    followed.compare()
    followed.follower.lose_sight()
    followed.follower.fell_behind(1, 5_000_000_000)

    assert followed.facts == []
