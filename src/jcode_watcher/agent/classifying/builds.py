"""Which build wrote a program, and from which versions of its sources: a bounded memory."""

from collections import OrderedDict
from typing import NamedTuple

BUILDS_MAX = 20_000
SOURCES_A_BUILD_MAX = 200


class Place(NamedTuple):
    """A file of an assignment, whatever the path under which a container sees it."""

    workspace: str
    assignment: str
    below: bytes


class BuildFiles(NamedTuple):
    """The files of one build."""

    sources: tuple[Place, ...]
    objects: tuple[Place, ...]
    """What was compiled or archived before and went into it."""
    outputs: tuple[Place, ...]
    is_apart: bool = False
    """Whether each source became an output of its own, in the same order."""
    is_unknown: bool = False
    """Whether the outputs now hold what no build wrote that was seen."""


class Source(NamedTuple):
    """A source, and when the compiler that read it began."""

    place: Place
    opened_ns: int


def opened(source: Source) -> int:
    """Give when a source was read."""
    return source.opened_ns


class Builds:
    """Remembers the latest builds that succeeded, by what they wrote."""

    def __init__(self, builds_max: int = BUILDS_MAX) -> None:
        self._sources: OrderedDict[Place, tuple[Source, ...]] = OrderedDict()
        self._builds_max = builds_max

    def remember(self, files: BuildFiles, began_ns: int) -> None:
        """Remember a build; an object's sources are those of the build that wrote it."""
        if files.is_unknown:
            for output in files.outputs:
                self._sources.pop(output, None)
            return
        sources = [Source(place, began_ns) for place in files.sources]
        if files.is_apart:
            for source, output in zip(sources, files.outputs, strict=True):
                self._keep(output, (source,))
            return
        for compiled in files.objects:
            sources.extend(self._sources.get(compiled, ()))
        # A library may hold an object of which a newer one went in later.
        latest = {source.place: source for source in sorted(sources, key=opened)}
        for output in files.outputs:
            self._keep(output, tuple(latest.values())[:SOURCES_A_BUILD_MAX])

    def _keep(self, output: Place, sources: tuple[Source, ...]) -> None:
        self._sources[output] = sources
        self._sources.move_to_end(output)
        while len(self._sources) > self._builds_max:
            self._sources.popitem(last=False)

    def sources_of(self, program: Place) -> tuple[Source, ...] | None:
        """Give what a program was built from; None where no build of it was seen."""
        return self._sources.get(program)
