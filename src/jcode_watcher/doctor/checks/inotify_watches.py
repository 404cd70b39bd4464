"""How many folders inotify may watch."""

from collections.abc import Iterator
from typing import Final

from jcode_watcher.doctor.finding import Finding, ok, warn
from jcode_watcher.doctor.machine import Machine

COMFORT: Final = 100_000
"""Some hundred workspaces with a virtual environment each."""


def check_inotify_watches(machine: Machine) -> Iterator[Finding]:
    """Judge the limit, which matters only where no better mode works."""
    allowed = machine.inotify_watches_max
    if allowed < COMFORT:
        yield warn(
            "inotify watches",
            f"{allowed}: one a folder in mode inotify; sysctl fs.inotify.max_user_watches={COMFORT} or more",
        )
    else:
        yield ok("inotify watches", f"{allowed}, one a folder in mode inotify")
