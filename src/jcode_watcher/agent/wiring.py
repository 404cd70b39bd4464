"""Puts together what turns facts into events, what names pods, and what writes the snapshot tree."""

import random
from collections.abc import Sequence
from contextlib import ExitStack
from os import uname
from time import monotonic
from typing import NamedTuple

import aiohttp

from jcode_watcher.agent.classifying.builds import Builds
from jcode_watcher.agent.classifying.sightings import Observer
from jcode_watcher.agent.classifying.versions import Versions
from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.placing.places import Places
from jcode_watcher.agent.placing.rules import Courses
from jcode_watcher.agent.placing.sources import Sources
from jcode_watcher.agent.pods.account import Account
from jcode_watcher.agent.pods.api import PodsApi
from jcode_watcher.agent.pods.following import PodFollower
from jcode_watcher.agent.pods.pod import FindPod, no_pod
from jcode_watcher.agent.pods.table import PodTable
from jcode_watcher.agent.reporting.file_news import FileReporter
from jcode_watcher.agent.reporting.process_news import ProcessReporter
from jcode_watcher.agent.reporting.reporter import Reporter
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.agent.snapshots.layout import is_due
from jcode_watcher.agent.snapshots.tree import Tree
from jcode_watcher.agent.snapshots.writer import SnapshotWriter
from jcode_watcher.agent.spool import Due, KnownFiles, connect
from jcode_watcher.agent.writers.programs import ENDED_MAX, Programs
from jcode_watcher.agent.writers.records import Records
from jcode_watcher.agent.writers.writers import Look, Writers

TREE_RETRY_SECONDS_MAX = 5.0
"""A try costs one folder opened; who freed the tree's disk looks whether that helped."""


class Grounds(NamedTuple):
    """What placing rests on."""

    roots: Sequence[bytes]
    """Absolute, without symbolic links."""
    hostname_prefixes: Sequence[bytes]
    courses: Courses
    ended_max: int = ENDED_MAX
    """How many processes that ended are remembered as writers."""


class Sight(NamedTuple):
    """How more is learned of a process than its records tell."""

    look: Look
    """Describes a live process that is not watched."""
    records: Records
    """Tells whether there is a record of each that is."""


def reporter_of(grounds: Grounds, files: KnownFiles, sight: Sight, find_pod: FindPod = no_pod) -> Reporter:
    """Give a reporter with empty memories."""
    builds = Builds()
    programs = Programs(ended_max=grounds.ended_max)
    versions = Versions(files, grounds.roots, Sources(grounds.courses).wants)
    places = Places(grounds.roots, grounds.courses)
    observer = Observer(places, grounds.hostname_prefixes, builds, versions)
    return Reporter(
        ProcessReporter(observer, programs, builds),
        FileReporter(versions, grounds.courses),
        Writers(programs, sight.look, sight.records),
        find_pod,
    )


def follower_of(settings: AgentSettings, session: aiohttp.ClientSession) -> PodFollower | None:
    """Give who follows this node's pods; None where that is switched off, or this is no pod."""
    account = Account(settings.service_account)
    if settings.pods == "off" or not account.is_there:
        return None
    api = PodsApi(session, settings.kubernetes_url, account, settings.node or uname().nodename)
    backoff = Backoff(settings.retry_seconds_max, random.random)
    return PodFollower(api, PodTable(monotonic), settings.pod_label, backoff)


def snapshots_of(settings: AgentSettings, ending: ExitStack) -> SnapshotWriter | None:
    """Give who writes the snapshot tree; None where none is asked for."""
    if settings.snapshots is None:
        return None
    writer = SnapshotWriter(
        Tree(settings.snapshots, settings.node or uname().nodename),
        Due(is_due),
        connect(settings.state, settings.spool_bytes_max),
        settings.snapshots_free_bytes_min,
        Backoff(min(settings.retry_seconds_max, TREE_RETRY_SECONDS_MAX), random.random),
    )
    ending.callback(writer.close)
    return writer
