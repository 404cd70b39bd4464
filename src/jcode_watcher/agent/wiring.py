"""Puts together what turns facts into events."""

from collections.abc import Sequence
from typing import NamedTuple

from jcode_watcher.agent.classifying.builds import Builds
from jcode_watcher.agent.classifying.sightings import Observer
from jcode_watcher.agent.classifying.versions import Versions
from jcode_watcher.agent.placing.places import Places
from jcode_watcher.agent.reporting.file_news import FileReporter
from jcode_watcher.agent.reporting.process_news import ProcessReporter
from jcode_watcher.agent.reporting.reporter import Reporter
from jcode_watcher.agent.spool import KnownFiles
from jcode_watcher.agent.writers.programs import Programs
from jcode_watcher.agent.writers.writers import Look, Writers


class Grounds(NamedTuple):
    """What placing rests on."""

    roots: Sequence[bytes]
    """Absolute, without symbolic links."""
    hostname_prefixes: Sequence[bytes]


def reporter_of(grounds: Grounds, files: KnownFiles, look: Look) -> Reporter:
    """Give a reporter with empty memories; `look` describes a live process that is not watched."""
    builds = Builds()
    programs = Programs()
    versions = Versions(files, grounds.roots)
    observer = Observer(Places(grounds.roots), grounds.hostname_prefixes, builds, versions)
    return Reporter(
        ProcessReporter(observer, programs, builds),
        FileReporter(Writers(programs, look), versions),
    )
