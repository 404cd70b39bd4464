"""From what a classifier saw to what the contract says of it. Pure."""

from collections.abc import Callable, Iterable, Sequence

from jcode_watcher.agent.classifying.classification import (
    Building,
    Command,
    Gathering,
    Running,
    Sighting,
)
from jcode_watcher.agent.placing.places import Spot
from jcode_watcher.events import to_text
from jcode_watcher.events.activity import Activity, Build, Run

SpotOf = Callable[[bytes], Spot | None]


def spots_of(command: Command, sighting: Sighting | None, spot_of: SpotOf) -> list[Spot]:
    """Give the spots that tell where a program worked, the most telling first: its files, then its folder."""
    match sighting:
        case Building():
            named: Iterable[bytes] = (*sighting.sources, *sighting.objects, *sighting.outputs)
        case Running(is_path=True):
            named = (sighting.target,)
        case Gathering():
            named = (sighting.output, *sighting.inputs)
        case _:
            named = ()
    paths = [command.path(path) for path in named] + [command.cwd]
    return [spot for path in paths if (spot := spot_of(path)) is not None]


def activity_of(
    command: Command,
    sighting: Sighting | None,
    below: Callable[[bytes], bytes | None],
    built_from: Sequence[str] | None,
) -> Activity | None:
    """Say it as the contract does.

    `below` gives an absolute path below the process's own assignment, None outside it; `built_from` gives the
    hashes of the sources of the build that wrote a run's target, None where no such build was seen.
    """

    def said(path: bytes) -> str:
        inside = below(command.path(path)) if path != b"-" else None
        return to_text(inside or path)

    match sighting:
        case Building():
            return Build(
                family=sighting.family,
                language=sighting.language,
                version=sighting.version,
                sources=tuple(map(said, sighting.sources)),
                output=said(sighting.outputs[0]) if sighting.has_one_output else None,
                options=tuple(map(to_text, sighting.options)),
                links=sighting.links,
                standard=sighting.standard,
                warnings=tuple(map(to_text, sighting.warnings)),
                response_files=tuple(map(said, sighting.response_files)),
            )
        case Running():
            return Run(
                target=said(sighting.target) if sighting.is_path else to_text(sighting.target),
                interpreter=sighting.interpreter,
                version=sighting.version,
                built_here=built_from is not None,
                built_from=tuple(built_from or ()),
            )
        case _:
            return None
