"""What the agent makes of a program at the moment it is executed: whose it is and what it is for."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from jcode_watcher.agent.classifying.activities import activity_of, spots_of
from jcode_watcher.agent.classifying.builds import BuildFiles, Builds, Place
from jcode_watcher.agent.classifying.classification import (
    Building,
    Command,
    Displacing,
    Gathering,
    Running,
    Sighting,
)
from jcode_watcher.agent.classifying.classifiers import classify
from jcode_watcher.agent.classifying.versions import Versions
from jcode_watcher.agent.placing.places import Places, Spot
from jcode_watcher.agent.placing.subjects import origin_of, subject_of
from jcode_watcher.events import Subject
from jcode_watcher.events.activity import Activity
from jcode_watcher.procmon.facts import Executed, Exited, OomKilled


class Seen(NamedTuple):
    """A program, placed and classified."""

    subject: Subject
    activity: Activity | None
    files: BuildFiles | None


class Observer:
    """Places and classifies programs."""

    def __init__(
        self, places: Places, hostname_prefixes: Sequence[bytes], builds: Builds, versions: Versions
    ) -> None:
        """Take where students' files are, whose containers are students', and the memories."""
        self._places = places
        self._prefixes = tuple(hostname_prefixes)
        self._builds = builds
        self._versions = versions

    def see_origin(self, fact: Executed | Exited | OomKilled, spots: Iterable[Spot] = ()) -> Subject:
        """Place a process; whose name anyone could have given itself is placed by no path either."""
        return subject_of(origin_of(fact, self._prefixes), spots if fact.identity != "unknown" else ())

    def see(self, fact: Executed, *, in_build: bool) -> Seen:
        """Place and classify a program; what runs inside a build is that build's helper, and nothing more."""
        host = origin_of(fact, self._prefixes).host
        course = host.workspace.course if host else None
        own = partial(self._places.is_own, course=course)
        command = Command(exe=fact.exe, argv=fact.argv, cwd=fact.cwd, own=own)
        sighting = None if in_build else classify(command)
        spots = spots_of(command, sighting, partial(self._places.spot, course=course))
        subject = self.see_origin(fact, spots)
        files = self._files(command, sighting, subject)

        def below(path: bytes) -> bytes | None:
            place = self._place(path, subject)
            return place.below if place and place.assignment == subject.assignment else None

        activity = activity_of(command, sighting, below, self._built_from(command, sighting, subject))
        return Seen(subject, activity, files)

    def _place(self, path: bytes, subject: Subject) -> Place | None:
        """Give a file's place, None where it is not in an assignment of the subject."""
        spot = self._places.spot(path, subject.course)
        if spot is None or spot.assignment is None or subject.workspace is None:
            return None
        if spot.workspace is not None and spot.workspace.name != subject.workspace:
            return None
        return Place(subject.workspace, spot.assignment, spot.below)

    def _files(self, command: Command, sighting: Sighting | None, subject: Subject) -> BuildFiles | None:
        def placed(paths: Iterable[bytes]) -> list[Place | None]:
            return [self._place(command.path(path), subject) for path in paths]

        match sighting:
            case Building():
                return self._built(sighting, placed)
            case Gathering():
                return BuildFiles((), known(placed(sighting.inputs)), known(placed((sighting.output,))))
            case Displacing():
                return BuildFiles((), (), known(placed(sighting.paths)), is_unknown=True)
            case _:
                return None

    @staticmethod
    def _built(sighting: Building, placed: Callable[[Iterable[bytes]], list[Place | None]]) -> BuildFiles:
        sources, outputs = placed(sighting.sources), placed(sighting.outputs)
        if sighting.is_apart:
            pairs = [(s, o) for s, o in zip(sources, outputs, strict=True) if s and o]
            return BuildFiles(tuple(s for s, _ in pairs), (), tuple(o for _, o in pairs), is_apart=True)
        inputs = placed((*sighting.objects, *sighting.libraries))
        return BuildFiles(known(sources), known(inputs), known(outputs))

    def _built_from(
        self, command: Command, sighting: Sighting | None, subject: Subject
    ) -> tuple[str, ...] | None:
        if not (isinstance(sighting, Running) and sighting.is_path):
            return None
        place = self._place(command.path(sighting.target), subject)
        sources = self._builds.sources_of(place) if place else None
        if sources is None:
            return None
        # Asked for only now: by the time it runs, also a save that was heard of late is known.
        hashes = (self._versions.sha256(source.place, source.opened_ns) for source in sources)
        return tuple(dict.fromkeys(found for found in hashes if found))


def known(places: Iterable[Place | None]) -> tuple[Place, ...]:
    """Leave out what has no place."""
    return tuple(place for place in places if place is not None)
