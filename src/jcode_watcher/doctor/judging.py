"""The type that a check implements."""

from collections.abc import Callable, Iterable

from jcode_watcher.doctor.finding import Finding
from jcode_watcher.doctor.machine import Machine

Check = Callable[[Machine], Iterable[Finding]]
"""Says what the machine means for the agent: pure, and always at least one finding."""
