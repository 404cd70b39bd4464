"""Done against stored: pure, as it is the judge."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jcode_watcher.demo.ledger import Done
from jcode_watcher.demo.stored import Stored
from jcode_watcher.events import nanoseconds

CLOCK_SLACK_NS = 50_000_000
"""Between an act's own clock readings and the kernel's."""


class Gap(NamedTuple):
    """A time of which the monitor itself says that something may be missing (wall clock, ns)."""

    since_ns: int
    until_ns: int

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> "Gap":
        """Read it from a `monitor.gap`."""
        return cls(nanoseconds(body["since"]), nanoseconds(body["until"]))

    def touches(self, done: Done) -> bool:
        """Tell whether a deed was at work in it."""
        return (
            done.began_ns - CLOCK_SLACK_NS <= self.until_ns
            and self.since_ns <= done.ended_ns + CLOCK_SLACK_NS
        )


@dataclass
class Verdict:
    """How much of what one student did is stored, each deed counted once; and one line for each fault."""

    student: str
    done: int = 0
    stored: int = 0
    in_gap: int = 0
    missing: int = 0
    wrong: int = 0
    faults: list[str] = field(default_factory=list)


class Fact(NamedTuple):
    """A deed, or the stored event of one, in the terms in which both must agree."""

    assignment: str | None
    deed: str
    path: str
    outcome: tuple[Any, ...]


def compare(student: str, deeds: Sequence[Done], stored: Stored, gaps: Sequence[Gap]) -> Verdict:
    """Hold every deed against the store, and every stored event that is a deed against what was done."""
    verdict = Verdict(student, done=len(deeds))
    left = Counter(filter(None, map(fact_of_event, stored.events)))
    unmatched = [done for done in deeds if not take(left, fact_of_deed(done))]
    verdict.stored = len(deeds) - len(unmatched)
    for done in unmatched:
        judge_unmatched(verdict, done, left, gaps)
    excuse_rescanned(left, deeds, gaps)
    for fact, count in left.items():
        verdict.wrong += count
        if count:
            verdict.faults.append(f"{student}: stored {count} times more than done: {fact}")
    judge_disk(verdict, deeds, stored)
    return verdict


def take(left: Counter[Fact], fact: Fact) -> bool:
    """Take one such fact away, if there is one."""
    if left[fact] <= 0:
        return False
    left[fact] -= 1
    return True


def judge_unmatched(verdict: Verdict, done: Done, left: Counter[Fact], gaps: Sequence[Gap]) -> None:
    """A deed that is not stored as it was: in a stated gap, stored with another outcome, or missing."""
    fact = fact_of_deed(done)
    other = next((f for f, n in left.items() if n > 0 and f[:3] == fact[:3]), None)
    if any(gap.touches(done) for gap in gaps):
        verdict.in_gap += 1
    elif other is not None and take(left, other):
        verdict.wrong += 1
        verdict.faults.append(f"{verdict.student}: did {fact}, stored is {other}")
    else:
        verdict.missing += 1
        verdict.faults.append(f"{verdict.student}: not stored: {fact}")


def excuse_rescanned(left: Counter[Fact], deeds: Sequence[Done], gaps: Sequence[Gap]) -> None:
    """Let go of what a rescan after a gap rightly reports in its own way: a move as a save and a deletion."""
    for done in deeds:
        if done.expected.deed != "move" or not any(gap.touches(done) for gap in gaps):
            continue
        for fact in [f for f in left if f.path in (done.expected.path, done.expected.destination)]:
            if fact.assignment == done.assignment and fact.deed in ("save", "delete"):
                take(left, fact)


def judge_disk(verdict: Verdict, deeds: Iterable[Done], stored: Stored) -> None:
    """Whatever happened in between, the newest stored version of each file must be what the disk holds."""
    for place, sha256 in disk_after(deeds).items():
        if stored.newest.get(place) != sha256:
            verdict.wrong += 1
            verdict.faults.append(
                f"{verdict.student}: newest of {place} is {stored.newest.get(place)}, the disk has {sha256}"
            )


def disk_after(deeds: Iterable[Done]) -> dict[tuple[str, str], str | None]:
    """Play the deeds: (assignment, path) to the SHA-256 of what is there, None where nothing is."""
    disk: dict[tuple[str, str], str | None] = {}
    for done in deeds:
        place = (done.assignment, done.expected.path)
        if done.expected.deed == "save":
            disk[place] = done.sha256
        elif done.expected.deed == "delete":
            disk[place] = None
        elif done.expected.deed == "move" and done.expected.destination:
            disk[done.assignment, done.expected.destination] = disk[place]
            disk[place] = None
    return disk


def fact_of_deed(done: Done) -> Fact:
    """Put a deed into the common terms."""
    expected = done.expected
    outcomes: dict[str, tuple[Any, ...]] = {
        "save": (done.sha256,),
        "move": (expected.destination,),
        "build": (expected.exit_code, expected.signal),
        "run": (expected.exit_code, expected.signal),
    }
    return Fact(done.assignment, expected.deed, expected.path, outcomes.get(expected.deed, ()))


def fact_of_event(event: dict[str, Any]) -> Fact | None:
    """Put a stored event into the common terms; None if it is no student's deed (a shell, a helper, ...)."""
    make = FACTS.get(event["kind"])
    return make(event["subject"]["assignment"], event["body"]) if make else None


def fact_of_exit(assignment: str | None, body: dict[str, Any]) -> Fact | None:
    """Give the build or the run that a process was."""
    activity = body["activity"]
    if activity is None:
        return None
    path = activity["target"] if activity["type"] == "run" else next(iter(activity["sources"]), "")
    return Fact(assignment, activity["type"], path, (body["exit_code"], body["signal"]))


FACTS: dict[str, Callable[[str | None, dict[str, Any]], Fact | None]] = {
    "process.exited": fact_of_exit,
    "process.oom_killed": lambda assignment, body: Fact(assignment, "oom_kill", body["comm"], ()),
    "file.saved": lambda assignment, body: Fact(assignment, "save", body["path"], (body["sha256"],)),
    "file.deleted": lambda assignment, body: Fact(assignment, "delete", body["path"], ()),
    "file.moved": lambda assignment, body: Fact(assignment, "move", body["path"], (body["destination"],)),
}
