"""The newest name of a file's folder shows its last state, whatever came before and whoever was killed."""

import itertools
import os
import random
from contextlib import suppress
from pathlib import Path

import pytest

from jcode_watcher.agent.snapshots import names
from jcode_watcher.agent.snapshots.errors import NotWritten
from jcode_watcher.agent.snapshots.layout import Place
from jcode_watcher.agent.snapshots.tree import Tree

PLACE = Place((b"os-1", b"hw1", b"7", b"a.c"), b".c")
AT = 1_735_732_861_500_000_000
SECOND = 1_000_000_000


class Agent:
    """Writes versions of one file, on disk each."""

    def __init__(self, base: Path, node: str = "n1", *, restarts: bool = False) -> None:
        self._base = base
        self._node = node
        self._restarts = restarts
        self._numbers = itertools.count()
        self.restart()

    def restart(self) -> None:
        self._tree = Tree(self._base, self._node)

    def write(self, content: bytes, after_seconds: float = 0.0, key: bytes | None = None) -> bool:
        if self._restarts:
            self.restart()
        key = key or f"{self._node}.{next(self._numbers)}".encode()
        with self._tree.opened(0) as tree:
            took = tree.write(key, PLACE, AT + int(after_seconds * SECOND), content)
            tree.sync()
            return took

    @property
    def folder(self) -> Path:
        return self._base.joinpath(*map(os.fsdecode, PLACE.folders))

    def versions(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.folder.iterdir())]


@pytest.fixture(params=[False, True], ids=["goes on", "restarts"])
def agent(request: pytest.FixtureRequest, tmp_path: Path) -> Agent:
    """Give an agent that runs all the time, and one that is started anew for each version."""
    return Agent(tmp_path, restarts=request.param)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a version be named no more than two seconds after its own."""
    monkeypatch.setattr(names, "LATER_SECONDS_MAX", 3)


@pytest.mark.usefixtures("few")
def test_where_no_second_is_free_the_last_version_has_the_last_name(agent: Agent) -> None:
    took = [agent.write(b"%d" % number) for number in range(6)]

    assert took == [False, False, False, True, True, True]
    assert agent.versions() == [b"0", b"1", b"5"]


@pytest.mark.usefixtures("few")
def test_an_end_in_a_storm_is_the_last_state_too(agent: Agent) -> None:
    for number in range(4):
        agent.write(b"%d" % number)

    assert agent.write(b"")
    assert agent.versions()[-1] == b""


@pytest.mark.usefixtures("few")
def test_a_storm_that_lasts_gets_the_seconds_that_pass(agent: Agent) -> None:
    for number in range(40):
        agent.write(b"%d" % number, number / 10)
        assert agent.versions()[-1] == b"%d" % number

    # One name for each second that began, and the two after.
    assert len(agent.versions()) == 5 + 2


def test_a_save_after_a_storm_is_named_after_all_of_it(agent: Agent) -> None:
    for number in range(30):
        agent.write(b"%d" % number)
    agent.write(b"ten seconds later", 10)
    agent.write(b"a minute later", 60)

    assert agent.versions() == [
        *(b"%d" % number for number in range(30)),
        b"ten seconds later",
        b"a minute later",
    ]


def test_a_second_that_was_freed_is_not_given_to_a_later_version(agent: Agent) -> None:
    for number in range(5):
        agent.write(b"%d" % number)
    for thinned in sorted(agent.folder.iterdir())[1:4]:
        thinned.unlink()
    agent.write(b"last", 1)

    assert agent.versions() == [b"0", b"4", b"last"]


def test_a_clock_that_is_set_back_puts_no_version_before_another(tmp_path: Path) -> None:
    agent = Agent(tmp_path)
    agent.write(b"before", 3_600)
    agent.write(b"set back")
    agent.write(b"and on", 1)

    assert agent.versions() == [b"before", b"set back", b"and on"]


def test_what_another_agent_saw_later_stays_the_newest(agent: Agent, tmp_path: Path) -> None:
    other = Agent(tmp_path, "n2")
    other.write(b"later", 5)
    agent.write(b"earlier")
    other.write(b"last", 6)

    assert agent.versions() == [b"earlier", b"later", b"last"]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("what", ["file", "link", "folder"])
def test_no_name_is_taken_from_what_no_agent_named(agent: Agent, what: str) -> None:
    agent.write(b"0")
    agent.write(b"1")
    last = agent.folder / "20250101_120103.c"
    match what:
        case "file":
            last.write_bytes(b"theirs")
        case "link":
            last.symlink_to("/etc/passwd")
        case _:
            last.mkdir()
    with pytest.raises(NotWritten) as refused:
        agent.write(b"2")

    assert refused.value.reason == "too_many"
    assert "os-1/hw1/7/a.c" in str(refused.value)
    assert what != "file" or last.read_bytes() == b"theirs"
    assert last.is_symlink() == (what == "link")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("seed", range(12))
def test_the_newest_is_the_last_after_any_storm_with_restarts(tmp_path: Path, seed: int) -> None:
    """After a restart the agent writes anew, in order, what it had not noted as written."""
    chosen = random.Random(seed)
    agent = Agent(tmp_path)
    written: list[tuple[bytes, float]] = []
    noted, seconds = 0, 0.0
    for number in range(60):
        seconds += chosen.choice([0, 0, 0, 0.2, 1, 5])
        written.append((b"k.%d" % number, seconds))
        agent.write(b"%d" % number, seconds, written[-1][0])
        assert agent.versions()[-1] == b"%d" % number
        if chosen.random() < 0.1:
            noted = len(written)
        if chosen.random() < 0.1:
            agent.restart()
            for key, at in written[noted:]:
                with suppress(NotWritten):
                    agent.write(key.removeprefix(b"k."), at, key)
            assert agent.versions()[-1] == b"%d" % number
        assert agent.versions() == sorted(set(agent.versions()), key=int)
