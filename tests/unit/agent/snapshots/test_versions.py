"""What a student did in one second, written by an agent that is killed at any step of it."""

import os
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from tests.unit.agent.snapshots.test_tree import dies_at

from jcode_watcher.agent.snapshots import names
from jcode_watcher.agent.snapshots.errors import NotWritten
from jcode_watcher.agent.snapshots.tree import Tree
from jcode_watcher.agent.snapshots.versions import write_event
from jcode_watcher.events import Body, Envelope, Subject, kind_of, moment
from jcode_watcher.events.file import FileMoved, FileSaved

ME = Subject(course="os", section="1", student="7", assignment="hw1")
AT = 1_735_732_861_000_000_000
MICROSECOND = 1_000


def saved(path: str, content: str) -> FileSaved:
    return FileSaved(path=path, size=len(content), content=content, how="closed")


def moved(path: str, destination: str, content: str) -> FileMoved:
    return FileMoved(path=path, destination=destination, sha256=sha256(content.encode()).hexdigest())


DEEDS: dict[str, tuple[list[Body], dict[str, bytes]]] = {
    "a storm, and then a move": (
        [*(saved("a.c", str(number)) for number in range(3)), moved("a.c", "b.c", "2")],
        {"a.c": b"", "b.c": b"2"},
    ),
    "a move into a storm": (
        [*(saved("b.c", str(number)) for number in range(3)), saved("a.c", "x"), moved("a.c", "b.c", "x")],
        {"a.c": b"", "b.c": b"x"},
    ),
    "a storm of moves": (
        [saved("a.c", "x"), *[moved("a.c", "b.c", "x"), moved("b.c", "a.c", "x")] * 2],
        {"a.c": b"x", "b.c": b""},
    ),
}


def write_all(base: Path, bodies: list[Body]) -> None:
    for seq, body in enumerate(bodies, 1):
        event = Envelope(
            id=f"a1.{seq}",
            kind=kind_of(body),
            time=moment(AT + seq * MICROSECOND),
            node="n1",
            agent="a1",
            seq=seq,
            subject=ME,
            body=body,
        )
        # A version whose name a later one took before the kill finds none any more.
        with Tree(base, "n1").opened(0) as tree, suppress(NotWritten):
            write_event(tree, event)
            tree.sync()


@pytest.mark.parametrize("deed", DEEDS)
def test_a_kill_at_any_step_leaves_the_last_state_of_each_file_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    monkeypatch.setattr(names, "LATER_SECONDS_MAX", 2)
    # What a process wrote outlives it without, and a busy disk takes its time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    bodies, newest = DEEDS[deed]
    step, died = 0, True
    while died:
        step += 1
        base = tmp_path / str(step)
        base.mkdir()
        died = dies_at(step, partial(write_all, base, bodies), before=False)
        write_all(base, bodies)

        folders = (base / "os-1/hw1/7").iterdir()
        assert {folder.name: max(folder.iterdir()).read_bytes() for folder in folders} == newest, step
    assert step > 60
