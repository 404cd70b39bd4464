"""The ways of watching, best first: adding one is one file and one line here."""

from collections.abc import Callable, Mapping

from jcode_watcher.filemon.modes.handles import HandleWatch
from jcode_watcher.filemon.ports import Watch

WATCHES: Mapping[str, Callable[[bytes], Watch]] = {
    "handles": HandleWatch,
}
