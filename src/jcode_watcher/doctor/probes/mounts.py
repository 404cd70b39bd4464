"""What is mounted where (proc(5), mountinfo)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ESCAPED = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """One line of mountinfo."""

    point: Path
    filesystem: str
    options: frozenset[str]
    """Of the file system, such as the controllers of a v1 cgroup hierarchy."""


def mounts(text: str) -> list[Mount]:
    """Read the text of mountinfo."""
    return [_mount(line) for line in text.splitlines()]


def mounted_as(mounted: Sequence[Mount], filesystem: str, option: str = "") -> Path | None:
    """Give where a file system is mounted, the first of those that have the option."""
    found = (m.point for m in mounted if m.filesystem == filesystem and (not option or option in m.options))
    return next(found, None)


def _mount(line: str) -> Mount:
    place, _, source = line.partition(" - ")
    filesystem, _, options = source.split(" ", 2)
    point = ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), place.split(" ")[4])
    return Mount(Path(point), filesystem, frozenset(options.split(",")))
