"""The judge of the demo must not be lenient."""

from typing import Any

from jcode_watcher.demo.compare import Gap, compare
from jcode_watcher.demo.ledger import Done, Expected
from jcode_watcher.demo.stored import Stored

SECOND_NS = 10**9
SAVE = Done("hw1", Expected("save", "a.c"), 10 * SECOND_NS, 11 * SECOND_NS, "a" * 64)
RUN = Done("hw1", Expected("run", "a", signal="SIGSEGV"), 12 * SECOND_NS, 13 * SECOND_NS)


def saved(sha256: str = "a" * 64) -> dict[str, Any]:
    return {"kind": "file.saved", "subject": {"assignment": "hw1"}, "body": {"path": "a.c", "sha256": sha256}}


def ran(exit_code: int | None = None, signal: str | None = "SIGSEGV") -> dict[str, Any]:
    body = {"activity": {"type": "run", "target": "a"}, "exit_code": exit_code, "signal": signal}
    return {"kind": "process.exited", "subject": {"assignment": "hw1"}, "body": body}


DISK: dict[tuple[str, str], str | None] = {("hw1", "a.c"): "a" * 64}


def test_all_stored() -> None:
    verdict = compare("1", [SAVE, RUN], Stored([saved(), ran()], DISK), [])
    assert (verdict.done, verdict.stored, verdict.missing, verdict.wrong) == (2, 2, 0, 0)


def test_a_deed_that_is_not_stored_is_missing() -> None:
    verdict = compare("1", [SAVE, RUN], Stored([saved()], DISK), [])
    assert (verdict.stored, verdict.missing, verdict.wrong) == (1, 1, 0)


def test_another_outcome_is_wrong() -> None:
    verdict = compare("1", [SAVE, RUN], Stored([saved(), ran(0, None)], DISK), [])
    assert (verdict.stored, verdict.missing, verdict.wrong) == (1, 0, 1)


def test_an_event_stored_twice_is_wrong() -> None:
    assert compare("1", [SAVE, RUN], Stored([saved(), ran(), ran()], DISK), []).wrong == 1


def test_an_event_of_nothing_that_was_done_is_wrong() -> None:
    assert compare("1", [SAVE], Stored([saved(), ran()], DISK), []).wrong == 1


def test_a_newest_version_that_is_not_the_disk_is_wrong() -> None:
    assert compare("1", [SAVE], Stored([saved()], {("hw1", "a.c"): "b" * 64}), []).wrong == 1


def test_a_gap_excuses_only_what_was_done_in_it() -> None:
    inside, outside = Gap(12 * SECOND_NS, 12 * SECOND_NS), Gap(20 * SECOND_NS, 30 * SECOND_NS)
    assert compare("1", [SAVE, RUN], Stored([saved()], DISK), [inside]).in_gap == 1
    assert compare("1", [SAVE, RUN], Stored([saved()], DISK), [outside]).missing == 1
