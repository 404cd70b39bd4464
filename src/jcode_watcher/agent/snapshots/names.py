"""Which name a version gets: one after those of the versions before it, so the newest is the last state.

A name has a resolution of a second. A version whose own second is taken is named after a later one, within a
limit.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from jcode_watcher.agent.snapshots.layout import SECOND_NS, Place, stamp_of

LATER_SECONDS_MAX: Final = 300
"""How far from its second a version may be named, where versions before it have all the seconds between."""
FILES_MAX: Final = 4_096
"""Of so many files it is remembered what the last name was; of others the folder is read."""


class Span(NamedTuple):
    """The seconds after which a version may be named, the first the best; none where it is after `last`."""

    time_ns: int
    """Moment of the version, or of one before it where that is later: a clock may be set back."""
    first: int
    last: int


class Latest(NamedTuple):
    """The last version that was written of a file."""

    time_ns: int
    second: int
    """What its name says."""


class Names:
    """Remembers the last name of each file."""

    def __init__(self) -> None:
        self._latest: OrderedDict[tuple[bytes, ...], Latest] = OrderedDict()

    def span(self, place: Place, time_ns: int, look: Callable[[], int | None]) -> Span:
        """Give where a version may go; `look` finds the second of a last name that is not remembered."""
        latest = self._latest.get(place.folders)
        if latest is None:
            found = look()
            latest = Latest(time_ns, -1 if found is None else found)
        at_ns = max(time_ns, latest.time_ns)
        second = at_ns // SECOND_NS
        return Span(at_ns, max(second, latest.second + 1), second + LATER_SECONDS_MAX - 1)

    def note(self, place: Place, latest: Latest) -> None:
        """Remember what a file's last version is."""
        self._latest[place.folders] = latest
        self._latest.move_to_end(place.folders)
        if len(self._latest) > FILES_MAX:
            self._latest.popitem(last=False)


def name_of(place: Place, second: int) -> bytes:
    """Give the name of a version that is named after a second."""
    return stamp_of(second) + place.suffix


def latest_first(place: Place, time_ns: int, names: Iterable[bytes]) -> list[tuple[int, bytes]]:
    """Give those of the names that a version of this moment could have, each with its second."""
    second = time_ns // SECOND_NS
    end = second + LATER_SECONDS_MAX
    first_stamp, end_stamp = stamp_of(second), stamp_of(end)
    near = {name for name in names if first_stamp <= name < end_stamp}
    if not near:
        return []
    possible = ((later, name_of(place, later)) for later in range(end - 1, second - 1, -1))
    return [(later, name) for later, name in possible if name in near]
