"""Which build wrote a program, and from which versions of its sources: a bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

BUILDS_MAX = 20_000
HASHES_A_BUILD_MAX = 200


class Place(NamedTuple):
    """A file of an assignment, whatever the path under which a container sees it."""

    workspace: str
    assignment: str
    below: bytes


class BuildFiles(NamedTuple):
    """The files of one build."""

    sources: tuple[Place, ...]
    objects: tuple[Place, ...]
    outputs: tuple[Place, ...]


class Builds:
    """Remembers the latest builds, by what they wrote."""

    def __init__(self, builds_max: int = BUILDS_MAX) -> None:
        self._hashes: OrderedDict[Place, tuple[str, ...]] = OrderedDict()
        self._builds_max = builds_max

    def remember(self, files: BuildFiles, version_of: Callable[[Place], str | None]) -> None:
        """Remember a build that succeeded; an object's sources are those of the build that wrote it."""
        known = [version_of(source) for source in files.sources]
        for compiled in files.objects:
            known.extend(self._hashes.get(compiled, ()))
        hashes = tuple(dict.fromkeys(found for found in known if found))[:HASHES_A_BUILD_MAX]
        for output in files.outputs:
            self._hashes[output] = hashes
            self._hashes.move_to_end(output)
        while len(self._hashes) > self._builds_max:
            self._hashes.popitem(last=False)

    def sources_of(self, program: Place) -> tuple[str, ...] | None:
        """Give the SHA-256 of the sources a program was built from; None where no build of it was seen."""
        return self._hashes.get(program)
