"""The ways of watching, best first: adding one is one file and one line here."""

from collections.abc import Callable, Mapping

from jcode_watcher.filemon.modes.descriptors import DescriptorWatch
from jcode_watcher.filemon.modes.handles import HandleWatch
from jcode_watcher.filemon.modes.inotify import InotifyWatch
from jcode_watcher.filemon.modes.rescan import RescanWatch
from jcode_watcher.filemon.ports import Pauses, Watch

WATCHES: Mapping[str, Callable[[bytes, Pauses], Watch]] = {
    "handles": lambda root, _: HandleWatch(root),
    "descriptors": DescriptorWatch,
    "inotify": InotifyWatch,
    "rescan": RescanWatch,
}
"""Each takes the root and, for where it cannot hear of everything, the pauses between two comparisons."""
