"""The agent, put together: capture → intake → keeper → spool → deliverer → service."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from os import fsencode, uname
from time import time_ns
from typing import Final
from uuid import uuid4

import aiohttp

from jcode_watcher.agent.delivery.backoff import Backoff
from jcode_watcher.agent.delivery.delivery import Deliverer, Limits
from jcode_watcher.agent.delivery.sinks import SINKS
from jcode_watcher.agent.errors import SpoolFull, StateUnusable
from jcode_watcher.agent.intake.capture import Capture, real_roots
from jcode_watcher.agent.intake.intake import Intake
from jcode_watcher.agent.intake.news import Statement
from jcode_watcher.agent.placing.rules import Courses
from jcode_watcher.agent.pods.pod import no_pod
from jcode_watcher.agent.reporting.draft import Draft
from jcode_watcher.agent.reporting.statements import Looking, damaged, heartbeat, started, unwatched
from jcode_watcher.agent.settings import AgentSettings
from jcode_watcher.agent.spool import (
    KnownFiles,
    Level,
    Outbox,
    Reserve,
    Rings,
    Spool,
    begin,
    connect,
    forget_due,
    lock_state,
    set_aside_damaged,
)
from jcode_watcher.agent.spool.keeper import Clocks, Keeper, Pulse
from jcode_watcher.agent.wiring import Grounds, Sight, follower_of, reporter_of, snapshots_of
from jcode_watcher.agent.writers.proc import program_in_proc
from jcode_watcher.agent.writers.programs import ENDED_MAX
from jcode_watcher.agent.writers.records import Records
from jcode_watcher.events.monitor import MonitorStopped

SCAN_STEP_SECONDS: Final = 0.2
LAST_DELIVERY_SECONDS: Final = 2.0
UNAUTHORIZED_SECONDS: Final = 15.0
"""Least pause after the token was refused: only a person can mend that."""


class Agent:
    """Everything between the kernel and the service, for one start. Used in the event loop's thread."""

    def __init__(self, settings: AgentSettings, session: aiohttp.ClientSession, ending: ExitStack) -> None:
        """Take the state folder and open the spool; what must be closed is given to `ending`."""
        ending.enter_context(lock_state(settings.state))
        self._damage = set_aside_damaged(settings.state)
        database = connect(settings.state, settings.spool_bytes_max)
        ending.callback(database.close)
        outgoing = connect(settings.state, settings.spool_bytes_max)
        ending.callback(outgoing.close)
        self.level = Level(database)
        name = uuid4().hex
        reserve = Reserve(settings.state)
        files = KnownFiles(database)
        try:
            since_ns = self._damage.since_ns if self._damage else None
            self._before = reserve.spend(lambda: begin(database, name, time_ns(), since_ns))
            if self._damage and self._damage.goes_on:
                reserve.spend(files.doubt)
            if settings.snapshots is None:
                reserve.spend(lambda: forget_due(database))
        except SpoolFull as error:
            raise StateUnusable(f"--state {settings.state}: {error}; free some room on its disk") from error
        roots = real_roots(settings.root)
        self.intake = Intake(settings.queue_facts_max, settings.queue_bytes_max)
        rings = Rings(database, reserve)
        self.snapshots = snapshots_of(settings, ending)
        """None where no tree of them is written."""
        due = self.snapshots.due if self.snapshots else None
        self.capture = Capture(settings, self.intake, files, rings)
        self.pods = follower_of(settings, session)
        """None where nobody asks for the names of pods."""
        self.reporter = reporter_of(
            Grounds(
                roots,
                tuple(map(fsencode, settings.hostname_prefix)),
                Courses(settings),
                # Without files nobody asks who wrote one.
                ENDED_MAX if settings.filemon and roots else 0,
            ),
            files,
            Sight(program_in_proc, Records(self.capture.lost_records, time_ns)),
            self.pods.table.find if self.pods else no_pod,
        )
        self.spool = Spool(database, name, settings.node or uname().nodename, self.level, rings, due)
        self.deliverer = self._deliverer(
            settings, session, Outbox(outgoing, self.level, reserve, time_ns, due), ending
        )
        self.keeper = self._keeper(settings)
        self.capturing = False
        self._began_ns = 0
        self._start_stated = False

    async def start(self) -> None:
        """Begin to look and to keep; CannotTrace or CannotWatch where the kernel refuses."""
        await asyncio.to_thread(self.capture.start)
        self.reporter.begin()
        if stage := self.capture.unwatched:
            for statement in unwatched(self._before, stage, time_ns()):
                self.intake.put_statement(statement)
        if self._damage:
            self.intake.put_statement(damaged(self._damage, time_ns()))
        self.keeper.start()
        if self.snapshots:
            self.snapshots.start()
        self.capturing = True
        self._began_ns = time_ns()

    @property
    def untold(self) -> str | None:
        """Say why a gap is stated that pins were to prevent; None where none is."""
        return self.capture.untold if self._before else None

    async def state_start(self) -> None:
        """Say what mode each monitor is in, once it is known what changed while nobody looked."""
        found: int | None = None
        while found is None:
            # In steps, so that a scan of many folders does not hold up the end.
            found = await asyncio.to_thread(self.capture.wait_scanned, SCAN_STEP_SECONDS)
        self._state_start(found)

    async def follow_pods(self) -> None:
        """Learn the names of this node's pods until cancelled; nothing waits for them."""
        if self.pods is not None:
            await self.pods.run()

    async def stop(self, reason: str) -> None:
        """Stop looking, keep everything that was seen, and try to deliver it one last time."""
        self.capturing = False
        try:
            await asyncio.to_thread(self.capture.stop)
        finally:
            if not self._start_stated:
                self._state_start(self.capture.wait_scanned(0) or 0)
            self.intake.close()
            await asyncio.to_thread(self._end_keeping, reason)
            if self.snapshots:
                await asyncio.to_thread(self.snapshots.stop)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.deliverer.deliver_all(), LAST_DELIVERY_SECONDS)

    def _state_start(self, found_changed: int) -> None:
        looking = Looking(self.capture.modes, self.capture.passed_over)
        self.intake.put_statement(started(self._before, looking, found_changed, self._began_ns))
        self._start_stated = True

    def _end_keeping(self, reason: str) -> None:
        """Wait until all that was seen is kept, and only then say that this is the end."""
        self.keeper.join()
        if self.keeper.failure is None:
            now_ns = time_ns()
            stopped = Draft(now_ns, None, MonitorStopped(reason=reason))
            self.spool.keep([stopped], self.capture.seen_until_ns(now_ns))

    def counters(self) -> dict[str, int]:
        """Give the counts that a heartbeat carries."""
        counted = {f"{source}_{stage}": count for source, stage, count in self.capture.counters()}
        return counted | {
            "kept": sum(self.spool.kept.values()),
            "dropped": sum(self.spool.dropped.values()),
            "delivered": self.deliverer.delivered,
            "quarantined": self.deliverer.quarantined,
            "spool_events": self.level.events,
            "spool_bytes": self.level.bytes,
            "queued": len(self.intake),
        }

    def _keeper(self, settings: AgentSettings) -> Keeper:
        loop = asyncio.get_running_loop()

        def kept() -> None:
            self.capture.release()
            if not self.spool.full:
                self.capture.tell_again(self.reporter.unkept_files())
            if self.snapshots:
                self.snapshots.wake()
            loop.call_soon_threadsafe(self.deliverer.wake)

        def beat() -> Statement:
            return heartbeat(self.counters(), self.deliverer.oldest_ns, time_ns())

        return Keeper(
            self.intake,
            self.reporter,
            self.spool,
            Clocks(time_ns, self.capture.told_until_ns, self.capture.captured_until_ns),
            Pulse(settings.heartbeat_seconds, beat),
            kept,
        )

    def _deliverer(
        self, settings: AgentSettings, session: aiohttp.ClientSession, outbox: Outbox, ending: ExitStack
    ) -> Deliverer:
        executor = ending.enter_context(ThreadPoolExecutor(1, thread_name_prefix="delivery"))
        return Deliverer(
            outbox,
            SINKS["service"](session, settings.server, settings.token_file, executor),
            Limits(settings.batch_events_max, settings.batch_bytes_max, UNAUTHORIZED_SECONDS),
            Backoff(settings.retry_seconds_max, random.random),
            executor,
        )
