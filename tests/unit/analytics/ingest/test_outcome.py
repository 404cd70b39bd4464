import re
from pathlib import Path
from typing import Any

import pytest

from jcode_watcher.analytics.ingest.outcome import FROM_OUTSIDE, outcome_of
from jcode_watcher.events.process import ProcessExited, ProcessStarted

PAGES = Path(__file__).parents[4] / "web/src/state/outcome.ts"
AT = "2026-03-02T01:02:03.000000Z"


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ({"exit_code": 0}, "succeeded"),
        ({"exit_code": 3}, "failed"),
        ({"signal": "SIGSEGV"}, "crashed"),
        ({"signal": "SIGABRT"}, "crashed"),
        ({"signal": "SIGRTMIN+1"}, "crashed"),
        ({"signal": "SIGINT"}, "stopped"),
        ({"signal": "SIGKILL"}, "stopped"),
        ({"signal": "SIGKILL", "oom_killed": True}, "out_of_memory"),
        ({}, ""),
    ],
)
def test_a_crash_is_an_end_by_the_programs_own_fault(end: dict[str, Any], outcome: str) -> None:
    assert outcome_of(ProcessExited(pid=1, started=AT, **end)) == outcome


def test_what_still_runs_has_no_outcome() -> None:
    assert outcome_of(ProcessStarted(pid=1, started=AT)) == ""


def test_the_pages_tell_crashes_by_the_same_signals() -> None:
    listed = re.search(r"FROM_OUTSIDE = new Set\(\[(.*?)\]\)", PAGES.read_text(), re.DOTALL)
    assert listed
    assert set(re.findall(r"'(\w+)'", listed[1])) == FROM_OUTSIDE
