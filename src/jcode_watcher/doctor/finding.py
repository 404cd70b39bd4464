"""What a check says."""

from collections.abc import Sequence
from typing import Literal

import msgspec

Status = Literal["ok", "warn", "fail"]
STATUS_WIDTH = 4


class Finding(msgspec.Struct, frozen=True):
    """One line: how it stands with a thing, what that means, and what to do."""

    status: Status
    """`warn` costs something that `means` names; with `fail` the agent or a part of it does not work."""
    thing: str
    means: str


def ok(thing: str, means: str) -> Finding:
    """Say that a thing works."""
    return Finding("ok", thing, means)


def warn(thing: str, means: str) -> Finding:
    """Say what the lack of a thing costs."""
    return Finding("warn", thing, means)


def fail(thing: str, means: str) -> Finding:
    """Say what does not work for the lack of a thing."""
    return Finding("fail", thing, means)


def lines_of(findings: Sequence[Finding]) -> list[str]:
    """Give a line a finding, in columns."""
    width = max((len(finding.thing) for finding in findings), default=0)
    return [f"{f.status:<{STATUS_WIDTH}}  {f.thing:<{width}}  {f.means}" for f in findings]
