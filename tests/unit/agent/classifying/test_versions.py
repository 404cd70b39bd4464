from typing import TYPE_CHECKING

import pytest

from jcode_watcher.agent.classifying.builds import Place
from jcode_watcher.agent.classifying.versions import OPENED_LATE_NS, VERSIONS_A_FILE_MAX, Versions
from jcode_watcher.agent.reporting.draft import Draft, FileChange
from jcode_watcher.agent.spool import KnownFiles
from jcode_watcher.events.monitor import MonitorStopped
from jcode_watcher.filemon.facts import FileState

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store, Stores

PATH = b"os-1-2020/hw1/a.c"
PLACE = Place("os-1-2020", "hw1", b"a.c")
SECOND = 1_000_000_000


def state(changed_ns: int, letter: str) -> FileState:
    return FileState(b"h", 1, 0, changed_ns, letter * 64)


@pytest.fixture
def store(stores: "Stores") -> "Store":
    return stores.open()


@pytest.fixture
def versions(store: "Store") -> Versions:
    return Versions(KnownFiles(store.database), (b"/other", b"/r"), lambda _: True)


def test_the_version_is_the_one_that_was_there_when_the_compiler_began(versions: Versions) -> None:
    versions.note(b"/r", PATH, state(1 * SECOND, "a"), None)
    versions.note(b"/r", PATH, state(3 * SECOND, "b"), "a" * 64)

    assert versions.sha256(PLACE, 2 * SECOND) == "a" * 64
    assert versions.sha256(PLACE, 3 * SECOND - OPENED_LATE_NS) == "b" * 64
    assert versions.sha256(PLACE, 9 * SECOND) == "b" * 64


def test_what_was_there_before_the_first_save_seen_is_its_predecessor(versions: Versions) -> None:
    versions.note(b"/r", PATH, state(3 * SECOND, "b"), "a" * 64)

    assert versions.sha256(PLACE, 1 * SECOND) == "a" * 64


def test_what_is_no_longer_remembered_is_not_guessed(versions: Versions) -> None:
    for number in range(VERSIONS_A_FILE_MAX + 1):
        versions.note(b"/r", PATH, state((10 + number) * SECOND, "c"), "b" * 64)

    assert versions.sha256(PLACE, 1 * SECOND) is None


def test_the_table_of_files_knows_what_an_earlier_start_saw(store: "Store", versions: Versions) -> None:
    change = FileChange(b"/r", PATH, state(5 * SECOND, "d"))
    store.spool.keep([Draft(0, None, MonitorStopped(), (change,))], 0)

    assert versions.sha256(PLACE, 6 * SECOND) == "d" * 64
    assert versions.sha256(PLACE, 4 * SECOND) is None


def test_what_was_known_of_a_file_that_is_watched_no_more_is_not_believed(store: "Store") -> None:
    change = FileChange(b"/r", PATH, state(5 * SECOND, "d"))
    store.spool.keep([Draft(0, None, MonitorStopped(), (change,))], 0)
    versions = Versions(KnownFiles(store.database), (b"/r",), lambda path: path != PATH)

    assert versions.sha256(PLACE, 6 * SECOND) is None


def test_of_an_unknown_file_nothing_is_said(versions: Versions) -> None:
    assert versions.sha256(PLACE, SECOND) is None


def test_the_memory_is_bounded(store: "Store") -> None:
    versions = Versions(KnownFiles(store.database), (b"/r",), lambda _: True, files_max=2)
    for name in (b"a.c", b"b.c", b"c.c"):
        versions.note(b"/r", b"os-1-2020/hw1/" + name, state(SECOND, "e"), None)

    assert versions.sha256(PLACE, 2 * SECOND) is None
    assert versions.sha256(Place("os-1-2020", "hw1", b"c.c"), 2 * SECOND) == "e" * 64
