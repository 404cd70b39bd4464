"""What a student did, written down as it was done: the truth that the store is compared with."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Deed = Literal["save", "delete", "move", "build", "run", "oom_kill"]


@dataclass(frozen=True)
class Expected:
    """One event that an act must make; paths are below the assignment folder."""

    deed: Deed
    path: str
    """The file; of a build its first source; of a run its target; of an out-of-memory kill the program."""
    destination: str | None = None
    exit_code: int | None = None
    signal: str | None = None


@dataclass(frozen=True)
class Done:
    """One deed, when it happened (wall clock, ns), and what the file was afterwards."""

    assignment: str
    expected: Expected
    began_ns: int
    ended_ns: int
    sha256: str | None = None


@dataclass
class Ledger:
    """All deeds of one student, in order."""

    student: str
    deeds: list[Done] = field(default_factory=list)

    def write(self, folder: Path, expected: Expected, began_ns: int, ended_ns: int) -> None:
        """Add a deed; of a save the content is read back from the disk. `folder` is the assignment's."""
        content = (folder / expected.path).read_bytes() if expected.deed == "save" else None
        sha256 = hashlib.sha256(content).hexdigest() if content is not None else None
        self.deeds.append(Done(folder.name, expected, began_ns, ended_ns, sha256))
