"""Saves for a spool to keep, until it is full, and the numbers of those that it has."""

from typing import TYPE_CHECKING

from jcode_watcher.agent.reporting.draft import Draft, FileChange
from jcode_watcher.events import decode_event
from jcode_watcher.events.file import FileSaved
from jcode_watcher.filemon.facts import FileState

if TYPE_CHECKING:
    from tests.unit.agent.conftest import Store

AT = 1_750_000_000_000_000_000
STATE = FileState(b"\x00h", 3, 1, 2, "c" * 64)


def draft(number: int = 0, content: str = "x") -> Draft:
    body = FileSaved(path=f"{number}.c", size=len(content), content=content, how="closed")
    return Draft(AT + number, None, body, (FileChange(b"/r", b"%d.c" % number, STATE),))


def numbers(store: "Store") -> list[int]:
    return [decode_event(event.json).seq for event in store.outbox.oldest(100_000, 1 << 30)]


def fill(store: "Store") -> int:
    """Keep until something is dropped; give the number of events kept."""
    for number in range(10_000):
        if store.spool.keep([draft(number, "x" * 5_000)], AT + number):
            return number
    raise AssertionError("never full")
