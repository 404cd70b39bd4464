"""Processes: BPF programs in the kernel, their ring buffer, and typed facts from it."""

from jcode_watcher.procmon.counters import Counters
from jcode_watcher.procmon.errors import (
    BadOption,
    CannotPin,
    CannotTrace,
    KernelTooOld,
    LibbpfMissing,
    LoadFailed,
    NoPrivilege,
    NoTypeInformation,
    VerifierRefused,
)
from jcode_watcher.procmon.facts import Executed, Exited, Fact, Lost, OomKilled
from jcode_watcher.procmon.ledger import Cut, Progress
from jcode_watcher.procmon.monitor import ProcessMonitor
from jcode_watcher.procmon.pinning import Pinning

__all__ = [
    "BadOption",
    "CannotPin",
    "CannotTrace",
    "Counters",
    "Cut",
    "Executed",
    "Exited",
    "Fact",
    "KernelTooOld",
    "LibbpfMissing",
    "LoadFailed",
    "Lost",
    "NoPrivilege",
    "NoTypeInformation",
    "OomKilled",
    "Pinning",
    "ProcessMonitor",
    "Progress",
    "VerifierRefused",
]
