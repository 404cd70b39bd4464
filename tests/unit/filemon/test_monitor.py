"""Which mode is taken, and what is said where none can watch."""

from pathlib import Path
from typing import NoReturn

import pytest

from jcode_watcher.filemon import monitor
from jcode_watcher.filemon.errors import CannotWatch, NoFileHandles, NotPrivileged
from jcode_watcher.filemon.ports import Pauses

PAUSES = Pauses(10.0, 3600.0)


class Refusing:
    """A mode that cannot watch anything."""

    def __init__(self, refusal: CannotWatch) -> None:
        self.refusal = refusal

    def __call__(self, *_: object) -> NoReturn:
        raise self.refusal


@pytest.fixture(autouse=True)
def _only_refusing_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = NoFileHandles("no handles"), NotPrivileged("/ws cannot be listed; let the agent read it")
    monkeypatch.setattr(monitor, "WATCHES", {"handles": Refusing(first), "rescan": Refusing(last)})


def test_where_no_mode_can_watch_that_is_said_with_why_the_one_that_asks_for_the_least_cannot(
    tmp_path: Path,
) -> None:
    said = r"^no file mode can watch here: /ws cannot be listed; let the agent read it$"
    with pytest.raises(NotPrivileged, match=said):
        monitor.open_watch(tmp_path, "auto", PAUSES)


def test_a_mode_that_was_asked_for_is_refused_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(NoFileHandles, match=r"^no handles$"):
        monitor.open_watch(tmp_path, "handles", PAUSES)
